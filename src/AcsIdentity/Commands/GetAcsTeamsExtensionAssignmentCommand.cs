using System;
using System.Management.Automation;
using AcsIdentity.Models;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Gets the access of a Teams user or a Teams resource account to the resource. The service has no list of them.</summary>
[Cmdlet(VerbsCommon.Get, "AcsTeamsExtensionAssignment", HelpUri = HelpPages.Folder + "Get-AcsTeamsExtensionAssignment.md")]
[OutputType(typeof(TeamsExtensionAssignment))]
public sealed class GetAcsTeamsExtensionAssignmentCommand : AssignmentCommand<TeamsExtensionAssignment>
{
    private protected override IdentityOperation Operation => IdentityOperation.GetAssignment;

    private protected override string Activity => "Reading Teams Phone access";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Later objects of the pipeline replace these values while the call waits for its turn.
        (Guid tenantId, Guid objectId) = (TenantId, ObjectId);
        Send(objectId.ToString(), tag: null, stopping => Service.GetAssignmentAsync(tenantId, objectId, Timeout, stopping));
    }

    private protected override void Write(TeamsExtensionAssignment result) => WriteToPipeline(result);
}
