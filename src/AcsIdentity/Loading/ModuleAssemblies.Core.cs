#if NET
using System;
using System.Reflection;
using System.Runtime.Loader;

namespace AcsIdentity.Loading;

/// <content>PowerShell 7: the assemblies load in a separate load context.</content>
internal static partial class ModuleAssemblies
{
    private static readonly PrivateLoadContext _context = new(GetPath, name => name == SqliteLibrary.Name ? FindSqlite() : null);

    /// <summary>Lets the runtime find the assembly of the emulator, which this assembly references. Loads nothing, and may be called again.</summary>
    public static void Register()
    {
        AssemblyLoadContext.Default.Resolving -= ResolveEmulator;
        AssemblyLoadContext.Default.Resolving += ResolveEmulator;
    }

    /// <summary>Checks that SQLite can be loaded on this platform. The load context loads it.</summary>
    /// <exception cref="FormatException">The module has none for this platform.</exception>
    public static void RequireSqlite() => FindSqlite();

    private static Assembly Load(string assemblyName) => _context.LoadFromAssemblyName(new AssemblyName(assemblyName));

    private static Assembly? ResolveEmulator(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "AcsIdentity.Emulator" ? Load(name.Name) : null;
}
#endif
