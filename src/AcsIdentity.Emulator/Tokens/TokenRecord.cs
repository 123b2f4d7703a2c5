using System;

namespace AcsIdentity.Emulator.Tokens;

/// <summary>A token that was issued to an identity, without its text.</summary>
/// <param name="Number">The token's number among the tokens of the identity, from 1.</param>
/// <param name="Scopes">The scopes, separated by commas, as in the claim acsScope.</param>
/// <param name="IssuedAt">When the token was issued.</param>
/// <param name="ExpiresOn">When the token expires.</param>
internal readonly record struct TokenRecord(long Number, string Scopes, DateTimeOffset IssuedAt, DateTimeOffset ExpiresOn)
{
    /// <summary>Compares whole seconds, because the token has its expiry in whole seconds.</summary>
    public bool IsExpired(DateTimeOffset now) => ExpiresOn.ToUnixTimeSeconds() <= now.ToUnixTimeSeconds();
}
