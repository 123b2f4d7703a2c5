using System;
using System.Security;

namespace AcsIdentity;

/// <summary>An access token of an identity. The token itself is in the property Token of the two kinds.</summary>
public abstract class CommunicationToken
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

    /// <summary>Says what token this is; never the token itself.</summary>
    public sealed override string ToString() => FormattableString.Invariant($"{Id} [{Scope}] until {ExpiresOn:u}");
}

/// <summary>An access token, kept as a SecureString.</summary>
public sealed class SecureCommunicationToken : CommunicationToken
{
    internal SecureCommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, SecureString token)
        : base(id, scope, expiresOn) => Token = token;

    /// <summary>The token. It is left out where the object is serialized: SecureString is not encrypted on every platform.</summary>
    public SecureString Token { get; }
}

/// <summary>An access token in clear text, as -AsPlainText asks for it.</summary>
public sealed class PlainTextCommunicationToken : CommunicationToken
{
    internal PlainTextCommunicationToken(string id, TokenScope scope, DateTimeOffset expiresOn, string token)
        : base(id, scope, expiresOn) => Token = token;

    /// <summary>The token.</summary>
    public string Token { get; }
}
