#if NET
using System.Reflection;
using System.Runtime.Loader;

namespace AcsIdentity.Loading;

/// <content>PowerShell 7: a load context of our own.</content>
internal static partial class ModuleAssemblies
{
    private static readonly PrivateLoadContext _context = new(PathOf);

    /// <summary>Makes the emulator's assembly, which this one refers to, resolvable. Loads nothing. Harmless when repeated.</summary>
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
