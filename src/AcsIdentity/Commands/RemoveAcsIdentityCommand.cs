using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Deletes an identity, its tokens and its data.</summary>
[Cmdlet(
    VerbsCommon.Remove, "AcsIdentity",
    DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    HelpUri = HelpPages.Folder + "Remove-AcsIdentity.md")]
[OutputType(typeof(CommunicationIdentity))]
public sealed class RemoveAcsIdentityCommand : IdentityCommand<CommunicationIdentity>
{
    /// <summary>Deletes without confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the identity that was deleted, for a record.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IdentityOperation Operation => IdentityOperation.Delete;

    private protected override string Activity => "Deleting identities";

    private protected override void ProcessIdentity(string id, PSObject input, ICreated? created)
    {
        string? tag = IdentityInput.ReadTag(input);
        if (ShouldCall(id, tag, "Delete identity", Force))
        {
            Send(id, tag, DeleteAsync, created);
        }

        async Task<CommunicationIdentity> DeleteAsync(CancellationToken stopping)
        {
            await Recorder.DeleteAsync(id, () => Service.DeleteAsync(id, Timeout, stopping)).ConfigureAwait(false);
            // Not marked as created by this pipeline: it no longer exists, so nobody has to name it.
            return new CommunicationIdentity(id, tag, accessToken: null, createdBy: null);
        }
    }

    private protected override bool LeavesIdentity(Task<CommunicationIdentity> call) => call.Status != TaskStatus.RanToCompletion;

    private protected override void Write(CommunicationIdentity result)
    {
        RecentIdentities.Remove(Endpoint, result.Id);
        WriteVerbose($"Deleted {IdentityName.Of(result.Id, result.Tag)}.");
        if (PassThru)
        {
            WriteToPipeline(result);
        }
        else
        {
            Complete();
        }
    }
}
