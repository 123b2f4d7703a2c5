using System;
using System.Management.Automation;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;

namespace AcsIdentity.Commands;

/// <content>The parameters.</content>
public sealed partial class NewAcsIdentityCommand
{
    private const string IdentitySet = "Identity";
    private const string TokenSet = "IdentityWithToken";

    /// <summary>The number of identities to create: in total, or per tag.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>Your own name for the identity, such as a user name. The object keeps it; the service is not told.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [TagTransformation]
    [ArgumentCompleter(typeof(NoCompleter))]
    public string? Tag { get; set; }

    /// <summary>The piped object, which -Tag names a property of. It is checked for columns that the cmdlet does not read.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Issues an access token with these scopes in the same call.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet)]
    [TokenScopeTransformation]
    [ArgumentCompleter(typeof(TokenScopeCompleter))]
    public string[] Scope { get; set; } = [];

    /// <summary>The token's lifetime, from 1 hour to 24 hours in whole minutes. A fraction of a minute is dropped. The default is 24 hours.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [DurationTransformation]
    [ValidateTokenLifetime]
    [ArgumentCompleter(typeof(LifetimeCompleter))]
    public TimeSpan? ExpiresIn { get; set; }

    /// <summary>Returns the token as clear text instead of a SecureString.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>Writes the identity with the same tag that the ledger has, if there is one, instead of creating another.</summary>
    [Parameter]
    public SwitchParameter ReuseExisting { get; set; }
}
