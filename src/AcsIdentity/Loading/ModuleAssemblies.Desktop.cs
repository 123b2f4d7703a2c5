#if !NET
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace AcsIdentity.Loading;

/// <content>Windows PowerShell 5.1 has one load context; there we answer for our own requests and for nobody else's.</content>
internal static partial class ModuleAssemblies
{
    private static readonly Assembly _thisAssembly = typeof(ModuleAssemblies).Assembly;
    private static readonly HashSet<string> _references = [.. _thisAssembly.GetReferencedAssemblies().Select(reference => reference.FullName)];

    /// <summary>Makes the assemblies in the folder lib resolvable. Loads nothing. Harmless when repeated.</summary>
    public static void Register()
    {
        AppDomain.CurrentDomain.AssemblyResolve -= Resolve;
        AppDomain.CurrentDomain.AssemblyResolve += Resolve;
    }

    /// <summary>Answers to a name that the runtime itself cannot find; null where that is not for us to do.</summary>
    internal static Assembly? Resolve(object? sender, ResolveEventArgs request)
    {
        if (!IsOurs(request))
        {
            return null;
        }

        // The version is not compared: there are no binding redirects here, and a test knows that ours are new enough.
        string name = new AssemblyName(request.Name).Name!;
        return name == _thisAssembly.GetName().Name ? _thisAssembly
            : File.Exists(PathOf(name)) ? Load(name)
            : null;
    }

    /// <summary>LoadFrom could give another module's copy in place of ours, and would hide who asks for what it refers to.</summary>
    private static Assembly Load(string assemblyName) => Assembly.LoadFile(PathOf(assemblyName));

    /// <summary>
    /// The .NET Framework names the requester only where that was loaded by LoadFile, as the folder lib is. This assembly
    /// PowerShell loads by LoadFrom, so it is known by what it asks for, to the version.
    /// </summary>
    private static bool IsOurs(ResolveEventArgs request) => request.RequestingAssembly switch
    {
        null => _references.Contains(request.Name),
        { IsDynamic: true } => false,
        Assembly requester => requester == _thisAssembly
            || string.Equals(Path.GetDirectoryName(requester.Location), _folder, StringComparison.OrdinalIgnoreCase),
    };
}
#endif
