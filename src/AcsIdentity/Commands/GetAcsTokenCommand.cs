using System;
using System.Management.Automation;
using System.Security;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Issues an access token for an identity, or exchanges a Teams user's Entra token for one.</summary>
[Cmdlet(VerbsCommon.Get, "AcsToken", DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(CommunicationToken))]
public sealed class GetAcsTokenCommand : IdentityCommand
{
    private const string TeamsUserSet = "TeamsUser";

    /// <summary>What the token allows. A piped token object brings its own scopes: so it is renewed.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = IdentitySet)]
    [TokenScopeTransformation]
    [ArgumentCompleter(typeof(TokenScopeCompleter))]
    public string[] Scope { get; set; } = [];

    /// <summary>The token's lifetime, from 1 hour to 24 hours in whole minutes; a fraction of a minute is dropped. 24 hours unless given.</summary>
    [Parameter(ParameterSetName = IdentitySet)]
    [ValidateTokenLifetime]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>The Entra access token of a Teams user, to be exchanged. The token issued expires with it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TeamsUserSet)]
    [SecretTransformation]
    public SecureString TeamsUserToken { get; set; } = new();

    /// <summary>The client id of the Entra application that the Teams user's token was issued to.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TeamsUserSet)]
    [GuidTransformation]
    public Guid ClientId { get; set; }

    /// <summary>The Entra object id of the Teams user.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TeamsUserSet)]
    [GuidTransformation]
    public Guid UserObjectId { get; set; }

    /// <summary>Gives the token as clear text instead of a SecureString.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == TeamsUserSet)
        {
            ExchangeTeamsToken();
        }
        else
        {
            base.ProcessRecord();
        }
    }

    private protected override void ProcessIdentity(string id, PSObject input)
    {
        if (ShouldProcess(id, "Issue access token")
            && TryCall((service, stopping) => service.IssueTokenAsync(id, Scope, ExpiresIn, stopping), id, out IssuedToken? issued))
        {
            WriteObject(TokenFor(id, Scope, issued, AsPlainText));
        }
    }

    private void ExchangeTeamsToken()
    {
        string user = "8:orgid:" + UserObjectId;
        if (ShouldProcess(user, "Exchange Teams user token")
            && TryCall((service, stopping) => service.ExchangeTeamsTokenAsync(TeamsUserToken, ClientId, UserObjectId, stopping), user, out IssuedToken? issued))
        {
            WriteObject(TokenFor(user, [], issued, AsPlainText));
        }
    }
}
