using System.Management.Automation;

namespace AcsIdentity.Loading;

/// <summary>What PowerShell runs as it imports the module.</summary>
public sealed class ModuleImport : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport() => ModuleAssemblies.Register();
}
