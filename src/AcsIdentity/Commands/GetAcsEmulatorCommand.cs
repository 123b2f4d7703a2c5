using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Commands;

/// <summary>Shows the emulator of this process. Writes nothing if none runs.</summary>
[Cmdlet(VerbsCommon.Get, "AcsEmulator", HelpUri = HelpPages.Folder + "Get-AcsEmulator.md")]
[OutputType(typeof(AcsEmulator))]
public sealed class GetAcsEmulatorCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (AcsEmulator.Current is { } emulator)
        {
            WriteObject(emulator);
        }
    }
}
