using System;
using System.Management.Automation;
using AcsIdentity.Errors;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>Creates identities, and issues a token with each where a scope is given.</summary>
[Cmdlet(VerbsCommon.New, "AcsIdentity", DefaultParameterSetName = IdentitySet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CommunicationIdentity))]
public sealed class NewAcsIdentityCommand : ServiceCommand
{
    private const string IdentitySet = "Identity";
    private const string TokenSet = "IdentityWithToken";

    /// <summary>How many identities to create: in all, or for each tag.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>Your own name for the identity, such as a user name. It stays with the object and is not sent to the service.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [TagTransformation]
    public string? Tag { get; set; }

    /// <summary>Issues an access token with these scopes in the same call.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet)]
    [TokenScopeTransformation]
    [ArgumentCompleter(typeof(TokenScopeCompleter))]
    public string[] Scope { get; set; } = [];

    /// <summary>The token's lifetime, from 1 hour to 24 hours in whole minutes; a fraction of a minute is dropped. 24 hours unless given.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [ValidateTokenLifetime]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Gives the token as clear text instead of a SecureString.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    public SwitchParameter AsPlainText { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        for (int i = 0; i < Count; i++)
        {
            Create();
        }
    }

    private void Create()
    {
        string action = Scope.Length == 0 ? "Create identity" : "Create identity with a token";
        object target = Tag ?? (object)Endpoint;
        if (!ShouldProcess(target.ToString(), action)
            || !TryCall((service, stopping) => service.CreateAsync(Scope, ExpiresIn, stopping), target, out CreatedIdentity? created))
        {
            return;
        }

        CommunicationToken? token = created.Token is { } issued ? TokenFor(created.Id, Scope, issued, AsPlainText) : null;
        WriteObject(new CommunicationIdentity(created.Id, Tag, token));
        if (Scope.Length > 0 && token is null)
        {
            WriteError(AcsErrors.TokenMissing(created.Id, Endpoint));
        }
    }
}
