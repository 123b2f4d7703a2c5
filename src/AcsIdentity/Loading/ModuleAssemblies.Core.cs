#if NET
using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;

namespace AcsIdentity.Loading;

/// <content>PowerShell 7: a load context of our own.</content>
internal static partial class ModuleAssemblies
{
    private static readonly PrivateContext _context = new();

    /// <summary>Makes the emulator's assembly, which this one refers to, resolvable. Loads nothing. Harmless when repeated.</summary>
    public static void Register()
    {
        AssemblyLoadContext.Default.Resolving -= ResolveEmulator;
        AssemblyLoadContext.Default.Resolving += ResolveEmulator;
    }

    private static Assembly Load(string assemblyName) => _context.LoadFromAssemblyName(new AssemblyName(assemblyName));

    private static Assembly? ResolveEmulator(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == "AcsIdentity.Emulator" ? Load(name.Name) : null;

    private sealed class PrivateContext() : AssemblyLoadContext("AcsIdentity")
    {
        private static readonly Assembly _thisAssembly = typeof(ModuleAssemblies).Assembly;

        // A host may list a name twice; the first one is loaded.
        private static readonly ILookup<string, string> _platform =
            (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .ToLookup(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string name = assemblyName.Name!;
            if (name == _thisAssembly.GetName().Name)
            {
                return _thisAssembly;
            }

            // Null hands the name on to the default context: the framework and what PowerShell brings along.
            string ours = PathOf(name);
            return File.Exists(ours) && !(_platform[name].FirstOrDefault() is { } theirs && VersionOf(ours) <= VersionOf(theirs))
                ? LoadFromAssemblyPath(ours)
                : null;
        }

        private static Version VersionOf(string path) => AssemblyName.GetAssemblyName(path).Version!;
    }
}
#endif
