namespace AcsIdentity.Emulator.Tokens;

/// <summary>What the emulator knows of a token that someone presents.</summary>
/// <param name="IsSigned">The token was signed by this emulator.</param>
/// <param name="IsExpired">Its lifetime is over.</param>
/// <param name="IsRevoked">The tokens of its identity were revoked after it was issued.</param>
/// <param name="IdentityExists">Its identity has not been deleted.</param>
public sealed record TokenIntrospection(bool IsSigned, bool IsExpired, bool IsRevoked, bool IdentityExists)
{
    /// <summary>Whether a service should accept the token.</summary>
    public bool IsActive => IsSigned && !IsExpired && !IsRevoked && IdentityExists;
}
