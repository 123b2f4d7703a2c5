using System.Management.Automation;
using AcsIdentity.Parameters;

namespace AcsIdentity.Commands;

/// <summary>Revokes all tokens of an identity. The service takes up to 15 minutes to carry that everywhere.</summary>
[Cmdlet(VerbsSecurity.Revoke, "AcsToken", DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CommunicationIdentity))]
public sealed class RevokeAcsTokenCommand : IdentityCommand
{
    /// <summary>Writes the identity, for the next cmdlet.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void ProcessIdentity(string id, PSObject input)
    {
        if (!ShouldProcess(id, "Revoke all access tokens")
            || !TryCall((service, stopping) => service.RevokeTokensAsync(id, stopping), id))
        {
            return;
        }

        WriteVerbose($"The tokens of {id} are revoked; it takes up to 15 minutes until every service refuses them.");
        if (PassThru)
        {
            WriteObject(new CommunicationIdentity(id, IdentityInput.ReadTag(input)));
        }
    }
}
