namespace AcsIdentity.Emulator.Tokens;

/// <summary>The state of an access token.</summary>
/// <param name="IsSigned">Whether this emulator signed the token.</param>
/// <param name="IsExpired">Whether the token has expired.</param>
/// <param name="IsRevoked">Whether the token was revoked.</param>
/// <param name="IdentityExists">Whether the identity of the token exists.</param>
public sealed record TokenIntrospection(bool IsSigned, bool IsExpired, bool IsRevoked, bool IdentityExists)
{
    /// <summary>Whether a service should accept the token.</summary>
    public bool IsActive => IsSigned && !IsExpired && !IsRevoked && IdentityExists;
}
