using System;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Issues the tenant's access tokens, and judges them when they come back.</summary>
/// <remarks>Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference. Version 1.0, as for every resource that is named by a URI.</remarks>
internal sealed class EntraTokens(Guid tenantId, Lazy<TokenSigner> signer, TimeProvider clock)
{
    public string Issuer { get; } = $"https://sts.windows.net/{tenantId}/";

    public string Issue(EntraPrincipal principal, string resource, DateTimeOffset issuedOn, DateTimeOffset expiresOn) => Sign(principal, resource, issuedOn, expiresOn, json =>
    {
        json.WriteString("appid", principal.ClientId);
        json.WriteString("idtyp", principal.UserName is null ? "app" : "user");
        if (principal.UserName is { } userName)
        {
            json.WriteString("upn", userName);
        }

        json.WriteString("ver", "1.0");
    });

    /// <summary>Tells the application who has signed in (OpenID Connect Core 1.0, section 2).</summary>
    /// <remarks>Claims: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference</remarks>
    public string IssueIdToken(EntraPrincipal user, string? nonce, DateTimeOffset issuedOn, DateTimeOffset expiresOn) => Sign(user, user.ClientId.ToString(), issuedOn, expiresOn, json =>
    {
        if (nonce is not null)
        {
            json.WriteString("nonce", nonce);
        }

        json.WriteString("preferred_username", user.UserName);
        json.WriteString("ver", "2.0");
    });

    /// <summary>Whose account it is, in the form that Microsoft's clients keep it: they ask for it with client_info.</summary>
    public string ClientInfo(EntraPrincipal user) =>
        Base64Url.Encode(Encoding.UTF8.GetBytes($$"""{"uid":"{{user.ObjectId}}","utid":"{{tenantId}}"}"""));

    /// <summary>Whether the tenant issued the token for that audience and it is valid now.</summary>
    public bool IsValid(string token, string audience)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return signer.Value.TryVerify(token) is { } claims
            && claims.GetClaim("iss") == Issuer
            && claims.GetClaim("aud") == audience
            && claims.GetTime("nbf") <= now
            && claims.GetTime("exp") > now;
    }

    private string Sign(EntraPrincipal principal, string audience, DateTimeOffset issuedOn, DateTimeOffset expiresOn, Action<Utf8JsonWriter> writeOwnClaims) => signer.Value.Sign(json =>
    {
        json.WriteString("aud", audience);
        json.WriteString("iss", Issuer);
        json.WriteNumber("iat", issuedOn.ToUnixTimeSeconds());
        json.WriteNumber("nbf", issuedOn.ToUnixTimeSeconds());
        json.WriteNumber("exp", expiresOn.ToUnixTimeSeconds());
        json.WriteString("oid", principal.ObjectId);
        json.WriteString("sub", principal.ObjectId);
        json.WriteString("tid", tenantId);
        writeOwnClaims(json);
    });
}
