using System.Management.Automation;

namespace AcsIdentity.Loading;

/// <summary>PowerShell calls this class when it imports the module.</summary>
public sealed class ModuleImport : IModuleAssemblyInitializer
{
    /// <inheritdoc/>
    public void OnImport() => ModuleAssemblies.Register();
}
