using System;

namespace AcsIdentity.Emulator.Tokens;

/// <summary>The Entra token of a Teams user, to exchange for an access token.</summary>
/// <remarks>The emulator does not have Entra's keys, so it does not check the signature: any JSON Web Token with the right claims is valid.</remarks>
internal sealed class TeamsUserToken
{
    private TeamsUserToken(JsonWebToken token, DateTimeOffset expiresOn)
    {
        AppId = token.GetClaim("azp") ?? token.GetClaim("appid");
        UserId = token.GetClaim("oid");
        ExpiresOn = expiresOn;
    }

    /// <summary>The application that the token was issued to: claim azp in v2.0 tokens, appid in v1.0 tokens.</summary>
    public string? AppId { get; }

    /// <summary>The user that the token was issued for: claim oid.</summary>
    public string? UserId { get; }

    public DateTimeOffset ExpiresOn { get; }

    /// <returns>The token; null if the text is not a JSON Web Token with an expiry.</returns>
    public static TeamsUserToken? TryRead(string token) =>
        JsonWebToken.TryRead(token) is { } read && read.GetTime("exp") is { } expiresOn ? new TeamsUserToken(read, expiresOn) : null;
}
