using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Models;

/// <summary>What the emulator of this process knows about an access token. No property contains the token.</summary>
public sealed class CommunicationTokenStatus
{
    internal CommunicationTokenStatus(string? tag, string? id, TokenIntrospection found)
    {
        Tag = tag;
        Id = id;
        IsActive = found.IsActive;
        IsSigned = found.IsSigned;
        IsExpired = found.IsExpired;
        IsRevoked = found.IsRevoked;
        IdentityExists = found.IdentityExists;
    }

    /// <summary>The caller's name for the identity. Null if it is not known.</summary>
    public string? Tag { get; }

    /// <summary>The id of the identity that the token is for. Null if the emulator did not sign the token.</summary>
    public string? Id { get; }

    /// <summary>Whether a chat or calling service would accept the token: it is signed, not expired and not revoked, and its identity exists.</summary>
    public bool IsActive { get; }

    /// <summary>Whether this emulator signed the token. If not, it knows nothing else about it, and the other properties are false.</summary>
    public bool IsSigned { get; }

    /// <summary>Whether the token has expired by the emulator's clock.</summary>
    public bool IsExpired { get; }

    /// <summary>Whether the token was revoked. False if its identity was deleted.</summary>
    public bool IsRevoked { get; }

    /// <summary>Whether the identity of the token exists.</summary>
    public bool IdentityExists { get; }
}
