using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Takes away the access of a Teams user or a Teams resource account to the resource.</summary>
[Cmdlet(
    VerbsCommon.Remove, "AcsTeamsExtensionAssignment",
    SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    HelpUri = HelpPages.Folder + "Remove-AcsTeamsExtensionAssignment.md")]
public sealed class RemoveAcsTeamsExtensionAssignmentCommand : AssignmentCommand<string>
{
    /// <summary>Removes without confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override IdentityOperation Operation => IdentityOperation.RemoveAssignment;

    private protected override string Activity => "Taking away Teams Phone access";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        // Later objects of the pipeline replace these values while the call waits for its turn.
        (Guid tenantId, Guid objectId) = (TenantId, ObjectId);
        string id = objectId.ToString();
        if (ShouldCall(id, tag: null, "Take away Teams Phone access", Force))
        {
            Send(id, tag: null, RemoveAsync);
        }

        async Task<string> RemoveAsync(CancellationToken stopping)
        {
            await Service.RemoveAssignmentAsync(tenantId, objectId, Timeout, stopping).ConfigureAwait(false);
            return id;
        }
    }

    private protected override void Write(string result)
    {
        WriteVerbose($"{result} has no access any more.");
        Complete();
    }
}
