using System;
using System.Collections.Generic;
using System.Security;
using AcsIdentity.Calls;
using AcsIdentity.Ports;

namespace AcsIdentity.Models;

/// <summary>
/// An access token of an identity. The property Token of the derived types contains the token itself. Objects of both types
/// are equal if they have the same id, scope and expiry; tag and token are not compared.
/// </summary>
public abstract class CommunicationToken : ICreated, IEquatable<CommunicationToken>
{
    private protected CommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, string? tag)
    {
        Tag = tag;
        Id = id;
        Scope = scope;
        ExpiresOn = expiresOn;
    }

    /// <summary>The caller's name for the identity. Null if it is not known.</summary>
    public string? Tag { get; }

    /// <summary>The id of the identity that the token is for.</summary>
    public string Id { get; }

    /// <summary>The scopes of the token. Empty for the token of a Teams user: the service chooses its scopes.</summary>
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

    internal static CommunicationToken Create(string id, string? tag, IEnumerable<string> scope, IssuedToken issued, bool asPlainText, CreationRun? createdBy = null) =>
        asPlainText
            ? new PlainTextCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, Secret.ToText(issued.Token), tag) { CreatedBy = createdBy }
            : new SecureCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, issued.Token, tag) { CreatedBy = createdBy };

    /// <summary>Describes the token by id, scope and expiry. The text does not contain the token itself.</summary>
    public sealed override string ToString() => FormattableString.Invariant($"{Id} [{Scope}] until {ExpiresOn:u}");
}

/// <summary>An access token as a SecureString.</summary>
public sealed class SecureCommunicationToken : CommunicationToken
{
    private readonly SecureString _token;

    internal SecureCommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, SecureString token, string? tag = null)
        : base(id, scope, expiresOn, tag) => _token = token;

    /// <summary>
    /// Gets the token. It is a method because PowerShell serializes every public property, and does not encrypt a SecureString
    /// on every platform. If the module is loaded, AcsIdentity.Types.ps1xml adds the property Token.
    /// </summary>
    public SecureString GetToken() => _token;
}

/// <summary>An access token in clear text, as -AsPlainText requests it.</summary>
public sealed class PlainTextCommunicationToken : CommunicationToken
{
    internal PlainTextCommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, string token, string? tag = null)
        : base(id, scope, expiresOn, tag) => Token = token;

    /// <summary>The token.</summary>
    public string Token { get; }
}
