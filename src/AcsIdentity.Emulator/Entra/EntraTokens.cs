using System;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Issues and validates the tenant's tokens.</summary>
/// <remarks>Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference. Version 1.0, because the resource is named by a URI.</remarks>
internal sealed class EntraTokens(Guid tenantId, Lazy<TokenSigner> signer, TimeProvider clock)
{
    public string Issuer { get; } = $"https://sts.windows.net/{tenantId}/";

    /// <param name="principal">The principal.</param>
    /// <param name="resource">The audience.</param>
    /// <param name="issuedOn">When the token is issued.</param>
    /// <param name="expiresOn">When the token expires.</param>
    /// <param name="permissions">The permissions of the user, for the claim scp; empty for none.</param>
    public string Issue(EntraPrincipal principal, string resource, DateTimeOffset issuedOn, DateTimeOffset expiresOn, string permissions = "") => Sign(principal, resource, issuedOn, expiresOn, json =>
    {
        json.WriteString("appid", principal.ClientId);
        json.WriteString("idtyp", principal.UserName is null ? "app" : "user");
        if (principal.UserName is { } userName)
        {
            json.WriteString("upn", userName);
        }

        if (permissions.Length > 0)
        {
            json.WriteString("scp", permissions);
        }

        json.WriteString("ver", "1.0");
    });

    /// <summary>Issues an ID token, which tells the application who signed in (OpenID Connect Core 1.0, section 2).</summary>
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

    /// <summary>Returns the user's account in the format of client_info, which Microsoft's clients request.</summary>
    public string ClientInfo(EntraPrincipal user) =>
        Base64Url.Encode(Encoding.UTF8.GetBytes($$"""{"uid":"{{user.ObjectId}}","utid":"{{tenantId}}"}"""));

    /// <returns>The token; null if the tenant did not issue it for the audience, or it is not valid now.</returns>
    public JsonWebToken? TryValidate(string token, string audience)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return signer.Value.TryVerify(token) is { } claims
            && claims.GetClaim("iss") == Issuer
            && claims.GetClaim("aud") == audience
            && claims.GetTime("nbf") <= now
            && claims.GetTime("exp") > now
            ? claims
            : null;
    }

    private string Sign(EntraPrincipal principal, string audience, DateTimeOffset issuedOn, DateTimeOffset expiresOn, Action<Utf8JsonWriter> writeClaims) => signer.Value.Sign(json =>
    {
        json.WriteString("aud", audience);
        json.WriteString("iss", Issuer);
        json.WriteNumber("iat", issuedOn.ToUnixTimeSeconds());
        json.WriteNumber("nbf", issuedOn.ToUnixTimeSeconds());
        json.WriteNumber("exp", expiresOn.ToUnixTimeSeconds());
        json.WriteString("oid", principal.ObjectId);
        json.WriteString("sub", principal.ObjectId);
        json.WriteString("tid", tenantId);
        writeClaims(json);
    });
}
