using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Revokes all tokens of an identity. It takes up to 15 minutes until every service refuses them.</summary>
[Cmdlet(
    VerbsSecurity.Revoke, "AcsToken",
    DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium,
    HelpUri = HelpPages.Folder + "Revoke-AcsToken.md")]
[OutputType(typeof(CommunicationIdentity))]
public sealed class RevokeAcsTokenCommand : IdentityCommand<CommunicationIdentity>
{
    /// <summary>Writes the identity for the next cmdlet.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IdentityOperation Operation => IdentityOperation.Revoke;

    private protected override string Activity => "Revoking access tokens";

    private protected override void ProcessIdentity(string id, PSObject input, ICreated? created)
    {
        string? tag = IdentityInput.ReadTag(input);
        if (ShouldCall(id, tag, "Revoke all access tokens"))
        {
            var identity = new CommunicationIdentity(id, tag, accessToken: null, created?.CreatedBy);
            Send(id, tag, RevokeAsync, created);

            async Task<CommunicationIdentity> RevokeAsync(CancellationToken stopping)
            {
                await Recorder.RevokeAsync(id, () => Service.RevokeTokensAsync(id, Timeout, stopping)).ConfigureAwait(false);
                return identity;
            }
        }
    }

    private protected override void Write(CommunicationIdentity result)
    {
        WriteVerbose($"The tokens of {IdentityName.Of(result.Id, result.Tag)} are revoked; it takes up to 15 minutes until every service refuses them.");
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
