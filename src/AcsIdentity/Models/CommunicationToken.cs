using System;
using System.Collections.Generic;
using System.Management.Automation;
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
    private protected CommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, string? tag, CreationRun? createdBy)
    {
        Tag = tag;
        Id = id;
        Scope = scope;
        Expiry = expiresOn;
        CreatedBy = createdBy;
    }

    // The properties are virtual for their order: Export-Csv lists those of a derived type first.

    /// <summary>The caller's name for the identity. Null if it is not known.</summary>
    public virtual string? Tag { get; }

    /// <summary>The id of the identity that the token is for.</summary>
    public virtual string Id { get; }

    /// <summary>The scopes of the token. Empty for the token of a Teams user: the service chooses its scopes.</summary>
    public virtual TokenScope Scope { get; }

    /// <summary>When the token expires: a DateTimeOffset whose text is ISO 8601 in UTC.</summary>
    public virtual PSObject ExpiresOn => new UtcTime(Expiry);

    internal DateTimeOffset Expiry { get; }

    internal CreationRun? CreatedBy { get; }

    CreationRun? ICreated.CreatedBy => CreatedBy;

    /// <inheritdoc/>
    public bool Equals(CommunicationToken? other) => other is not null && other.Id == Id && other.Scope.Equals(Scope) && other.Expiry == Expiry;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as CommunicationToken);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => (Id, Scope, Expiry).GetHashCode();

    internal static CommunicationToken Create(string id, string? tag, IEnumerable<string> scope, IssuedToken issued, bool asPlainText, CreationRun? createdBy = null) =>
        asPlainText
            ? new PlainTextCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, Secret.ToText(issued.Token), tag, createdBy)
            : new SecureCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, issued.Token, tag, createdBy);

    /// <summary>Gets the same token as text or as a SecureString.</summary>
    internal CommunicationToken As(bool plainText) => this switch
    {
        SecureCommunicationToken secure when plainText => new PlainTextCommunicationToken(Id, Scope, Expiry, Secret.ToText(secure.GetToken()), Tag, CreatedBy),
        PlainTextCommunicationToken plain when !plainText => new SecureCommunicationToken(Id, Scope, Expiry, Secret.FromText(plain.Token), Tag, CreatedBy),
        _ => this,
    };

    /// <summary>Describes the token by id, scope and expiry. The text does not contain the token itself.</summary>
    public sealed override string ToString() => $"{Id} [{Scope}] until {Iso8601.Format(Expiry)}";
}

/// <summary>An access token as a SecureString.</summary>
public sealed class SecureCommunicationToken : CommunicationToken
{
    private readonly SecureString _token;

    /// <summary>Makes a token object, for example for a mock of Get-AcsToken.</summary>
    /// <param name="id">The id of the identity, or of a Teams user.</param>
    /// <param name="scope">The scopes of the token; empty for a Teams user.</param>
    /// <param name="expiresOn">When the token expires.</param>
    /// <param name="token">The token itself.</param>
    /// <param name="tag">The caller's name for the identity.</param>
    public SecureCommunicationToken(string id, string[] scope, DateTimeOffset expiresOn, SecureString token, string? tag = null)
        : this(
            AcsId.RequireTokenOwner(id),
            TokenScope.Require(scope),
            expiresOn,
            token ?? throw new ArgumentNullException(nameof(token)),
            tag,
            createdBy: null)
    {
    }

    internal SecureCommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, SecureString token, string? tag, CreationRun? createdBy)
        : base(id, scope, expiresOn, tag, createdBy) => _token = token;

    /// <summary>
    /// Gets the token. It is a method because PowerShell serializes every public property, and does not encrypt a SecureString
    /// on every platform. If the module is loaded, AcsIdentity.Types.ps1xml adds the property Token.
    /// </summary>
    public SecureString GetToken() => _token;
}

/// <summary>An access token in clear text, as -AsPlainText requests it.</summary>
public sealed class PlainTextCommunicationToken : CommunicationToken
{
    /// <summary>Makes a token object, for example for a mock of Get-AcsToken -AsPlainText.</summary>
    /// <param name="id">The id of the identity, or of a Teams user.</param>
    /// <param name="scope">The scopes of the token; empty for a Teams user.</param>
    /// <param name="expiresOn">When the token expires.</param>
    /// <param name="token">The token itself.</param>
    /// <param name="tag">The caller's name for the identity.</param>
    public PlainTextCommunicationToken(string id, string[] scope, DateTimeOffset expiresOn, string token, string? tag = null)
        : this(
            AcsId.RequireTokenOwner(id),
            TokenScope.Require(scope),
            expiresOn,
            string.IsNullOrEmpty(token) ? throw new ArgumentException("The token is empty.", nameof(token)) : token,
            tag,
            createdBy: null)
    {
    }

    internal PlainTextCommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, string token, string? tag, CreationRun? createdBy)
        : base(id, scope, expiresOn, tag, createdBy) => Token = token;

    /// <inheritdoc/>
    public override string? Tag => base.Tag;

    /// <inheritdoc/>
    public override string Id => base.Id;

    /// <inheritdoc/>
    public override TokenScope Scope => base.Scope;

    /// <inheritdoc/>
    public override PSObject ExpiresOn => base.ExpiresOn;

    /// <summary>The token.</summary>
    public string Token { get; }
}
