using System;

namespace AcsIdentity.Emulator.Tokens;

/// <summary>The claims of an Entra token that is to be exchanged for a Teams user's access token.</summary>
/// <remarks>The emulator does not hold Entra's keys, so the signature is not checked: any JSON Web Token with the right claims will do.</remarks>
internal sealed class TeamsUserToken
{
    private TeamsUserToken(JsonWebToken token, DateTimeOffset expiresOn)
    {
        AppId = token.GetClaim("azp") ?? token.GetClaim("appid");
        UserId = token.GetClaim("oid");
        ExpiresOn = expiresOn;
    }

    /// <summary>The application it was issued to: claim azp of a v2.0 token, appid of a v1.0 one.</summary>
    public string? AppId { get; }

    /// <summary>The user it was issued for: claim oid.</summary>
    public string? UserId { get; }

    public DateTimeOffset ExpiresOn { get; }

    /// <returns>Null where the text is no JSON Web Token with an expiry.</returns>
    public static TeamsUserToken? TryRead(string token) =>
        JsonWebToken.TryRead(token) is { } read && read.GetTime("exp") is { } expiresOn ? new TeamsUserToken(read, expiresOn) : null;
}
