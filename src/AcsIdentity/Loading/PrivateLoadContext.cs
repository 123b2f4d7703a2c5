#if NET
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;

namespace AcsIdentity.Loading;

/// <summary>
/// The load context of the module's assemblies, isolated from the assemblies of the same name in the default context. The
/// assemblies of .NET and PowerShell are shared with the default context, unless the module's copy is newer.
/// </summary>
/// <param name="getPath">Returns the path of the module's copy of an assembly; there need not be one.</param>
/// <param name="getNativePath">Returns the path of a native library of the module; null for other libraries.</param>
internal sealed class PrivateLoadContext(Func<string, string> getPath, Func<string, string?> getNativePath) : AssemblyLoadContext("AcsIdentity")
{
    private static readonly Assembly _thisAssembly = typeof(PrivateLoadContext).Assembly;

    // A host may list a name twice. The runtime loads the first one.
    private static readonly ILookup<string, string> _platform =
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .ToLookup(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string name = assemblyName.Name!;
        if (name == _thisAssembly.GetName().Name)
        {
            return _thisAssembly;
        }

        // Null lets the default context load the assembly: .NET and the assemblies that PowerShell ships.
        string ours = getPath(name);
        return File.Exists(ours) && !(_platform[name].FirstOrDefault() is { } theirs && GetVersion(ours) <= GetVersion(theirs))
            ? LoadFromAssemblyPath(ours)
            : null;
    }

    /// <inheritdoc/>
    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        getNativePath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : base.LoadUnmanagedDll(unmanagedDllName);

    private static Version GetVersion(string path) => AssemblyName.GetAssemblyName(path).Version!;
}
#endif
