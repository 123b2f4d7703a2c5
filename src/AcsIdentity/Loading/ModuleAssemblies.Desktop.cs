#if !NET
using System;
using System.IO;
using System.Reflection;

namespace AcsIdentity.Loading;

/// <content>Windows PowerShell 5.1 has one load context; there we answer for our own requests and for nobody else's.</content>
internal static partial class ModuleAssemblies
{
    /// <summary>Makes the assemblies in the folder lib resolvable. Loads nothing. Harmless when repeated.</summary>
    public static void Register()
    {
        AppDomain.CurrentDomain.AssemblyResolve -= Resolve;
        AppDomain.CurrentDomain.AssemblyResolve += Resolve;
    }

    private static Assembly Load(string assemblyName) => Assembly.LoadFrom(PathOf(assemblyName));

    private static Assembly? Resolve(object? sender, ResolveEventArgs request)
    {
        if (!IsOurs(request.RequestingAssembly))
        {
            return null;
        }

        Assembly thisAssembly = typeof(ModuleAssemblies).Assembly;
        string name = new AssemblyName(request.Name).Name!;
        return name == thisAssembly.GetName().Name ? thisAssembly
            : File.Exists(PathOf(name)) ? Assembly.LoadFrom(PathOf(name))
            : null;
    }

    private static bool IsOurs(Assembly? assembly) =>
        assembly is { IsDynamic: false }
        && (assembly == typeof(ModuleAssemblies).Assembly || string.Equals(Path.GetDirectoryName(assembly.Location), _folder, StringComparison.OrdinalIgnoreCase));
}
#endif
