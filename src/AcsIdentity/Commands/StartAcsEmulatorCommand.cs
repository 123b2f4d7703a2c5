using System.Management.Automation;
using System.Net;
using AcsIdentity.Errors;

namespace AcsIdentity.Commands;

/// <summary>Starts the emulator in this process; where it runs already, shows it. Its state is in memory and gone when it stops.</summary>
[Cmdlet(VerbsLifecycle.Start, "AcsEmulator")]
[OutputType(typeof(AcsEmulator))]
public sealed class StartAcsEmulatorCommand : PSCmdlet
{
    /// <summary>The TCP port on the loopback address; 0, unless given, picks a free one.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        AcsEmulator emulator;
        try
        {
            emulator = AcsEmulator.GetOrStart(Port);
        }
        catch (HttpListenerException refused)
        {
            ThrowTerminatingError(AcsErrors.EmulatorNotStarted(refused, Port));
            return;
        }

        if (Port != 0 && emulator.Endpoint.Port != Port)
        {
            ThrowTerminatingError(AcsErrors.EmulatorRunsElsewhere(emulator, Port));
        }

        WriteObject(emulator);
    }
}
