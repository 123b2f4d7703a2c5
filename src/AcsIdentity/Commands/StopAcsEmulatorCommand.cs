using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Commands;

/// <summary>Stops the emulator of this process; its identities and tokens are lost. Does nothing if none runs.</summary>
[Cmdlet(VerbsLifecycle.Stop, "AcsEmulator", HelpUri = HelpPages.Folder + "Stop-AcsEmulator.md")]
public sealed class StopAcsEmulatorCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!AcsEmulator.Stop())
        {
            WriteVerbose("No emulator runs in this process.");
        }
    }
}
