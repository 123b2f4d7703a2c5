#if !NET
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace AcsIdentity.Loading;

/// <content>Windows PowerShell 5.1 has one load context. The module resolves only the assemblies that its own assemblies request.</content>
internal static partial class ModuleAssemblies
{
    private static readonly Assembly _thisAssembly = typeof(ModuleAssemblies).Assembly;
    private static readonly HashSet<string> _references = [.. _thisAssembly.GetReferencedAssemblies().Select(reference => reference.FullName)];

    /// <summary>Lets the runtime find the assemblies in the folder lib. Loads nothing, and may be called again.</summary>
    public static void Register()
    {
        AppDomain.CurrentDomain.AssemblyResolve -= Resolve;
        AppDomain.CurrentDomain.AssemblyResolve += Resolve;
    }

    /// <summary>Loads SQLite for the architecture of this process. DllImport then finds the loaded library by its name.</summary>
    /// <exception cref="FormatException">The module has none for this platform, or it cannot be loaded.</exception>
    public static void RequireSqlite()
    {
        if (LoadLibrary(FindSqlite()) == IntPtr.Zero)
        {
            throw new FormatException($"SQLite cannot be loaded: {new Win32Exception(Marshal.GetLastWin32Error()).Message}");
        }
    }

    [DllImport("kernel32", EntryPoint = "LoadLibraryW", CharSet = CharSet.Unicode, SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern IntPtr LoadLibrary(string path);

    /// <summary>Resolves an assembly that the runtime cannot find. Returns null for requests of other modules.</summary>
    internal static Assembly? Resolve(object? sender, ResolveEventArgs request)
    {
        if (!IsFromThisModule(request))
        {
            return null;
        }

        // Versions are not compared: a module has no binding redirects, and a test checks that our versions are new enough.
        string name = new AssemblyName(request.Name).Name!;
        return name == _thisAssembly.GetName().Name ? _thisAssembly
            : File.Exists(GetPath(name)) ? Load(name)
            : null;
    }

    /// <summary>Loads with LoadFile. LoadFrom could return another module's copy, and would hide the requester of its references.</summary>
    private static Assembly Load(string assemblyName) => Assembly.LoadFile(GetPath(assemblyName));

    /// <summary>
    /// .NET Framework names the requester only if LoadFile loaded it, as it does for the folder lib. PowerShell loads this
    /// assembly with LoadFrom, so its requests are recognized by the full names of its references.
    /// </summary>
    private static bool IsFromThisModule(ResolveEventArgs request) => request.RequestingAssembly switch
    {
        null => _references.Contains(request.Name),
        { IsDynamic: true } => false,
        Assembly requester => requester == _thisAssembly
            || string.Equals(Path.GetDirectoryName(requester.Location), _folder, StringComparison.OrdinalIgnoreCase),
    };
}
#endif
