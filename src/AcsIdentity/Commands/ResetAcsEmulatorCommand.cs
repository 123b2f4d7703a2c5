using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Commands;

/// <summary>Deletes identities, tokens and faults of the emulator of this process, and resets its counts and used quota. Does nothing if none runs.</summary>
[Cmdlet(VerbsCommon.Reset, "AcsEmulator", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, HelpUri = HelpPages.Folder + "Reset-AcsEmulator.md")]
public sealed class ResetAcsEmulatorCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (AcsEmulator.Current is not { } emulator)
        {
            WriteVerbose("No emulator runs in this process.");
        }
        else if (ShouldProcess(emulator.Endpoint.ToString(), "Reset emulator"))
        {
            emulator.Reset();
        }
    }
}
