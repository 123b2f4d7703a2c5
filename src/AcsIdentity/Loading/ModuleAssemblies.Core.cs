#if NET
using System.Reflection;
using System.Runtime.Loader;

namespace AcsIdentity.Loading;

/// <content>PowerShell 7: the assemblies load in a separate load context.</content>
internal static partial class ModuleAssemblies
{
    private static readonly PrivateLoadContext _context = new(GetPath);

    /// <summary>Lets the runtime find the assembly of the emulator, which this assembly references. Loads nothing, and may be called again.</summary>
    public static void Register()
    {
        AssemblyLoadContext.Default.Resolving -= ResolveEmulator;
        AssemblyLoadContext.Default.Resolving += ResolveEmulator;
    }

    private static Assembly Load(string assemblyName) => _context.LoadFromAssemblyName(new AssemblyName(assemblyName));

    private static Assembly? ResolveEmulator(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "AcsIdentity.Emulator" ? Load(name.Name) : null;
}
#endif
