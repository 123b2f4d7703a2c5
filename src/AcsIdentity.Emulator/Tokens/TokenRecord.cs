using System;

namespace AcsIdentity.Emulator.Tokens;

/// <summary>What is remembered of a token that was issued to an identity: all but its text.</summary>
/// <param name="Number">Its number among the identity's tokens, from 1.</param>
/// <param name="Scopes">What it is good for, as in its claim acsScope: with commas between.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="ExpiresOn">When its lifetime is over.</param>
internal readonly record struct TokenRecord(long Number, string Scopes, DateTimeOffset IssuedAt, DateTimeOffset ExpiresOn)
{
    /// <summary>In whole seconds, as the token itself says it.</summary>
    public bool IsExpired(DateTimeOffset now) => ExpiresOn.ToUnixTimeSeconds() <= now.ToUnixTimeSeconds();
}
