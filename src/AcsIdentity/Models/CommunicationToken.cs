using System;
using System.Collections.Generic;
using System.Security;
using AcsIdentity.Calls;
using AcsIdentity.Ports;

namespace AcsIdentity.Models;

/// <summary>
/// An access token of an identity. The token itself is the property Token of either kind. Tokens with the same id, scope and
/// expiry are equal, of either kind: the token itself is not looked at.
/// </summary>
public abstract class CommunicationToken : ICreated, IEquatable<CommunicationToken>
{
    private protected CommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn)
    {
        Id = id;
        Scope = scope;
        ExpiresOn = expiresOn;
    }

    /// <summary>The id of the identity that the token is for.</summary>
    public string Id { get; }

    /// <summary>What the token allows; empty for a Teams user's token, whose scopes the service chooses.</summary>
    public TokenScope Scope { get; }

    /// <summary>When the token expires.</summary>
    public DateTimeOffset ExpiresOn { get; }

    internal CreationRun? CreatedBy { get; init; }

    CreationRun? ICreated.CreatedBy => CreatedBy;

    /// <inheritdoc/>
    public bool Equals(CommunicationToken? other) => other is not null && other.Id == Id && other.Scope.Equals(Scope) && other.ExpiresOn == ExpiresOn;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as CommunicationToken);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => (Id, Scope, ExpiresOn).GetHashCode();

    internal static CommunicationToken Create(string id, IEnumerable<string> scope, IssuedToken issued, bool asPlainText, CreationRun? createdBy = null) =>
        asPlainText
            ? new PlainTextCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, Secret.ToText(issued.Token)) { CreatedBy = createdBy }
            : new SecureCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, issued.Token) { CreatedBy = createdBy };

    /// <summary>Says what token this is; never the token itself.</summary>
    public sealed override string ToString() => FormattableString.Invariant($"{Id} [{Scope}] until {ExpiresOn:u}");
}

/// <summary>An access token, kept as a SecureString.</summary>
public sealed class SecureCommunicationToken : CommunicationToken
{
    private readonly SecureString _token;

    internal SecureCommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, SecureString token)
        : base(id, scope, expiresOn) => _token = token;

    /// <summary>
    /// The token. A method, because PowerShell serializes every public property, and a SecureString is not encrypted then
    /// on every platform. AcsIdentity.Types.ps1xml gives it the name Token too, where the module is loaded.
    /// </summary>
    public SecureString GetToken() => _token;
}

/// <summary>An access token in clear text, as -AsPlainText asks for it.</summary>
public sealed class PlainTextCommunicationToken : CommunicationToken
{
    internal PlainTextCommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, string token)
        : base(id, scope, expiresOn) => Token = token;

    /// <summary>The token.</summary>
    public string Token { get; }
}
