using System;
using System.Linq;
using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Commands;

/// <summary>Writes the requests that the emulator of this process received, in the order of arrival. Writes nothing if none runs.</summary>
[Cmdlet(VerbsCommon.Get, "AcsEmulatorRequest", HelpUri = HelpPages.Folder + "Get-AcsEmulatorRequest.md")]
[OutputType(typeof(AcsEmulatorRequest))]
public sealed class GetAcsEmulatorRequestCommand : PSCmdlet
{
    /// <summary>Writes only requests of these operations.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("Create", "Get", "Issue", "Revoke", "Delete", "Exchange", "Assign")]
    public string[] Operation { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (AcsEmulator.Current is { } emulator)
        {
            WriteObject(
                emulator.GetRequests().Where(request => Operation.Length == 0 || Operation.Contains(request.Operation, StringComparer.OrdinalIgnoreCase)),
                enumerateCollection: true);
        }
    }
}
