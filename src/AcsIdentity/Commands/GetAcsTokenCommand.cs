using System;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Issues an access token for an identity, or exchanges the Entra token of a Teams user or of a Teams Phone user for one.</summary>
[Cmdlet(
    VerbsCommon.Get, "AcsToken",
    DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low,
    HelpUri = HelpPages.Folder + "Get-AcsToken.md")]
[OutputType(typeof(CommunicationToken))]
public sealed class GetAcsTokenCommand : IdentityCommand<CommunicationToken>
{
    private const string TeamsUserSet = "TeamsUser";
    private const string TeamsExtensionSet = "TeamsExtension";

    /// <summary>What the token allows. A piped token object has its scopes, so piping a token renews it.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = IdentitySet)]
    [TokenScopeTransformation]
    [ArgumentCompleter(typeof(TokenScopeCompleter))]
    public string[] Scope { get; set; } = [];

    /// <summary>The token's lifetime, from 1 hour to 24 hours in whole minutes. A fraction of a minute is dropped. The default is 24 hours.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = IdentitySet)]
    [DurationTransformation(AllowBlank = true)]
    [ValidateTokenLifetime]
    [ArgumentCompleter(typeof(LifetimeCompleter))]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Renews only tokens that expire within this time. Other tokens are written as they are, without a request.</summary>
    [Parameter(ParameterSetName = IdentitySet)]
    [DurationTransformation(WithinDay = true)]
    [ArgumentCompleter(typeof(LifetimeCompleter))]
    public TimeSpan? IfExpiresWithin { get; set; }

    /// <summary>The Entra access token of a Teams user. The token that is issued for it expires at the same time.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = TeamsUserSet)]
    [SecretTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public SecureString TeamsUserToken { get; set; } = new();

    /// <summary>The client id of the Entra application that the Teams user's token was issued to.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = TeamsUserSet)]
    [GuidTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public Guid ClientId { get; set; }

    /// <summary>The Entra object id of the Teams user.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = TeamsUserSet)]
    [GuidTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public Guid UserObjectId { get; set; }

    /// <summary>The Entra access token of a Teams Phone user. The token that is issued for it expires at the same time.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = TeamsExtensionSet)]
    [SecretTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public SecureString TeamsExtensionToken { get; set; } = new();

    /// <summary>Returns the token as clear text instead of a SecureString.</summary>
    [Parameter]
    public SwitchParameter AsPlainText { get; set; }

    private protected override IdentityOperation Operation =>
        ParameterSetName is TeamsUserSet or TeamsExtensionSet ? IdentityOperation.Exchange : IdentityOperation.Issue;

    private protected override string Activity => "Issuing access tokens";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == TeamsUserSet)
        {
            ExchangeTeamsToken();
        }
        else if (ParameterSetName == TeamsExtensionSet)
        {
            ExchangeTeamsExtensionToken();
        }
        else
        {
            base.ProcessRecord();
        }
    }

    private protected override void ProcessIdentity(string id, PSObject input, ICreated? created)
    {
        // Later objects of the pipeline replace these values while the call waits for its turn.
        string[] scope = Scope;
        string? tag = IdentityInput.ReadTag(input);
        TimeSpan? lifetime = ExpiresIn;
        if (IfExpiresWithin is { } margin && TokenInput.Find(input, id, scope) is { } held && held.Expiry - Now > margin)
        {
            // Through the queue, so that it keeps its place among the tokens that are renewed.
            Send(id, tag, _ => Task.FromResult(held.As(AsPlainText)), created);
        }
        else if (ShouldCall(id, tag, "Issue access token"))
        {
            Send(id, tag, IssueAsync, created);
        }

        async Task<CommunicationToken> IssueAsync(CancellationToken stopping)
        {
            IssuedToken issued = await Recorder.IssueAsync(id, tag, scope, () => Service.IssueTokenAsync(id, scope, lifetime, Timeout, stopping)).ConfigureAwait(false);
            return CommunicationToken.Create(id, tag, scope, issued, AsPlainText, created?.CreatedBy);
        }
    }

    private protected override void Write(CommunicationToken result) => WriteToPipeline(result);

    private void ExchangeTeamsToken()
    {
        string user = "8:orgid:" + UserObjectId;
        // Later objects of the pipeline replace these values while the call waits for its turn.
        (SecureString token, Guid clientId, Guid objectId) = (TeamsUserToken, ClientId, UserObjectId);
        try
        {
            EntraTokenInput.CheckTeamsUserToken(token);
        }
        catch (FormatException problem)
        {
            WriteError(AcsErrors.InvalidToken(problem.Message, user));
            return;
        }

        if (ShouldCall(user, tag: null, "Exchange Teams user token"))
        {
            Send(user, tag: null, async stopping =>
            {
                IssuedToken issued = await Service.ExchangeTeamsTokenAsync(token, clientId, objectId, Timeout, stopping).ConfigureAwait(false);
                return CommunicationToken.Create(user, tag: null, [], issued, AsPlainText);
            });
        }
    }

    private void ExchangeTeamsExtensionToken()
    {
        SecureString token = TeamsExtensionToken;
        if (Endpoint.Scheme != Uri.UriSchemeHttps)
        {
            ThrowTerminatingError(AcsErrors.TokenNeedsHttps(Endpoint));
        }

        try
        {
            EntraTokenInput.CheckTeamsExtensionToken(token);
        }
        catch (FormatException problem)
        {
            WriteError(AcsErrors.InvalidToken(problem.Message, name: null));
            return;
        }

        if (ShouldCall(id: null, tag: null, "Exchange Teams Phone user token"))
        {
            Send(id: null, tag: null, async stopping =>
            {
                ExchangedToken exchanged = await Recorder.ExchangeAsync(() => Service.ExchangeTeamsExtensionTokenAsync(token, Timeout, stopping)).ConfigureAwait(false);
                return CommunicationToken.Create(exchanged.Id, tag: null, [], exchanged.Token, AsPlainText);
            });
        }
    }
}
