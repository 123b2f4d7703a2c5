using System;
using System.IO;
using AcsIdentity.Ports;

namespace AcsIdentity.Loading;

/// <summary>
/// Loads the assemblies in the folder lib: the service adapter with the Azure libraries, and the emulator. They load when
/// first needed, isolated from the assemblies of other modules in the process.
/// </summary>
internal static partial class ModuleAssemblies
{
    private static readonly string _folder = Path.Combine(Path.GetDirectoryName(typeof(ModuleAssemblies).Assembly.Location)!, "lib");

    private static readonly Lazy<IIdentityServiceFactory> _identityServiceFactory = new(() =>
    {
        Type factory = Load("AcsIdentity.Service").GetType("AcsIdentity.Service.IdentityServiceFactory", throwOnError: true)!;
        return (IIdentityServiceFactory)Activator.CreateInstance(factory)!;
    });

    /// <summary>The factory of AcsIdentity.Service.</summary>
    public static IIdentityServiceFactory IdentityServiceFactory => _identityServiceFactory.Value;

    /// <summary>The factory of AcsIdentity.Service if that assembly has been used, else null.</summary>
    public static IIdentityServiceFactory? LoadedIdentityServiceFactory => _identityServiceFactory.IsValueCreated ? _identityServiceFactory.Value : null;

    private static string GetPath(string assemblyName) => Path.Combine(_folder, assemblyName + ".dll");
}
