using System;
using System.IO;
using AcsIdentity.Ports;

namespace AcsIdentity.Loading;

/// <summary>
/// Loads the assemblies in the folder lib: the service adapter with the Azure libraries, the ledger, and the emulator. They
/// load when first needed, isolated from the assemblies of other modules in the process.
/// </summary>
internal static partial class ModuleAssemblies
{
    private static readonly string _folder = Path.Combine(Path.GetDirectoryName(typeof(ModuleAssemblies).Assembly.Location)!, "lib");

    private static readonly Lazy<IIdentityServiceFactory> _identityServiceFactory =
        new(() => Create<IIdentityServiceFactory>("AcsIdentity.Service", "AcsIdentity.Service.IdentityServiceFactory"));

    private static readonly Lazy<ILedgerStoreFactory> _ledgerStoreFactory =
        new(() => Create<ILedgerStoreFactory>("AcsIdentity.Ledger", "AcsIdentity.Ledger.LedgerStoreFactory"));

    /// <summary>The factory of AcsIdentity.Service.</summary>
    public static IIdentityServiceFactory IdentityServiceFactory => _identityServiceFactory.Value;

    /// <summary>The factory of AcsIdentity.Service if that assembly has been used, else null.</summary>
    public static IIdentityServiceFactory? LoadedIdentityServiceFactory => _identityServiceFactory.IsValueCreated ? _identityServiceFactory.Value : null;

    /// <summary>The factory of AcsIdentity.Ledger.</summary>
    public static ILedgerStoreFactory LedgerStoreFactory => _ledgerStoreFactory.Value;

    private static T Create<T>(string assembly, string type) => (T)Activator.CreateInstance(Load(assembly).GetType(type, throwOnError: true)!)!;

    private static string FindSqlite() => SqliteLibrary.Find(Path.Combine(_folder, "..", "..", "runtimes"), SqliteLibrary.Platform);

    private static string GetPath(string assemblyName) => Path.Combine(_folder, assemblyName + ".dll");
}
