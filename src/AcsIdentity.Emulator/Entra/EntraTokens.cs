using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Issues the tenant's access tokens, and judges them when they come back.</summary>
/// <remarks>Claims: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference. Version 1.0, as for every resource that is named by a URI.</remarks>
internal sealed class EntraTokens(Guid tenantId, Lazy<TokenSigner> signer, TimeProvider clock)
{
    public string Issuer { get; } = $"https://sts.windows.net/{tenantId}/";

    public string Issue(EntraPrincipal principal, string resource, DateTimeOffset issuedOn, DateTimeOffset expiresOn) => signer.Value.Sign(json =>
    {
        json.WriteString("aud", resource);
        json.WriteString("iss", Issuer);
        json.WriteNumber("iat", issuedOn.ToUnixTimeSeconds());
        json.WriteNumber("nbf", issuedOn.ToUnixTimeSeconds());
        json.WriteNumber("exp", expiresOn.ToUnixTimeSeconds());
        json.WriteString("appid", principal.ClientId);
        json.WriteString("idtyp", "app");
        json.WriteString("oid", principal.ObjectId);
        json.WriteString("sub", principal.ObjectId);
        json.WriteString("tid", tenantId);
        json.WriteString("ver", "1.0");
    });

    /// <summary>Whether the tenant issued the token for that audience and it is valid now.</summary>
    public bool IsValid(string token, string audience)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return signer.Value.TryOpen(token) is { } claims
            && claims.Text("iss") == Issuer
            && claims.Text("aud") == audience
            && claims.Time("nbf") <= now
            && claims.Time("exp") > now;
    }
}
