#if NET
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;

namespace AcsIdentity.Loading;

/// <summary>
/// Where our own copies load, whatever the default context has loaded of the same name. Framework and PowerShell are
/// shared with it, but where our copy is newer than theirs.
/// </summary>
internal sealed class PrivateLoadContext(Func<string, string> pathOf) : AssemblyLoadContext("AcsIdentity")
{
    private static readonly Assembly _thisAssembly = typeof(PrivateLoadContext).Assembly;

    // A host may list a name twice; the first one is loaded.
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

        // Null hands the name on to the default context: the framework and what PowerShell brings along.
        string ours = pathOf(name);
        return File.Exists(ours) && !(_platform[name].FirstOrDefault() is { } theirs && VersionOf(ours) <= VersionOf(theirs))
            ? LoadFromAssemblyPath(ours)
            : null;
    }

    private static Version VersionOf(string path) => AssemblyName.GetAssemblyName(path).Version!;
}
#endif
