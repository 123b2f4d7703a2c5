using System;
using System.Collections.Generic;
using System.Globalization;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Tokens;

/// <summary>Issues and introspects the resource's access tokens.</summary>
internal sealed class TokenService(Guid resourceId, IdentityStore identities, Lazy<TokenSigner> signer, TimeProvider clock)
{
    private const string AcsPrefix = "8:";
    private const string TeamsUserPrefix = "orgid:";

    // The claims are those of one token of the service, seen in 2025. scp was 1792. The form of csi and the two places are guesses.
    private const int SkypePermissions = 1792;
    private const string Region = "amer";
    private const string ResourceLocation = "unitedstates";

    public IssuedToken Issue(Identity identity, IReadOnlyList<string> scopes, TimeSpan lifetime)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return Issue(identity, scopes, now, now + lifetime);
    }

    /// <summary>Issues a token that expires when the exchanged Entra token expires.</summary>
    public IssuedToken IssueUntil(Identity identity, IReadOnlyList<string> scopes, DateTimeOffset expiresOn) =>
        Issue(identity, scopes, clock.GetUtcNow(), expiresOn);

    /// <summary>Issues a token for a Teams user. It expires when the exchanged Entra token expires.</summary>
    public IssuedToken IssueForTeamsUser(Guid userId, DateTimeOffset expiresOn) =>
        Issue(TeamsUserPrefix + userId, tokenNumber: 0, "chat,voip", clock.GetUtcNow(), expiresOn);

    public TokenIntrospection Introspect(string token)
    {
        // Tokens of the Entra tenant have the same signer, but no identity of the resource.
        if (signer.Value.TryVerify(token) is not { } claims || claims.GetClaim("skypeid") is not { } subject)
        {
            return new TokenIntrospection(IsSigned: false, IsExpired: false, IsRevoked: false, IdentityExists: false);
        }

        Identity? identity = identities.Find(AcsPrefix + subject);
        return new TokenIntrospection(
            IsSigned: true,
            IsExpired: claims.GetTime("exp") <= clock.GetUtcNow(),
            IsRevoked: identity?.IsRevoked(long.Parse(claims.GetClaim("jti")!, CultureInfo.InvariantCulture)) ?? false,
            IdentityExists: identity is not null || subject.StartsWith(TeamsUserPrefix, StringComparison.Ordinal));
    }

    private IssuedToken Issue(Identity identity, IReadOnlyList<string> scopes, DateTimeOffset now, DateTimeOffset expiresOn)
    {
        // Interned, because millions of token records share a few lists of scopes.
        string acsScope = string.Intern(string.Join(",", scopes));
        return Issue(identity.Id.Substring(AcsPrefix.Length), identity.AddToken(acsScope, now, expiresOn), acsScope, now, expiresOn);
    }

    private IssuedToken Issue(string subject, long tokenNumber, string acsScope, DateTimeOffset issuedAt, DateTimeOffset expiresOn)
    {
        string token = signer.Value.Sign(json =>
        {
            json.WriteString("skypeid", subject);
            json.WriteNumber("scp", SkypePermissions);
            json.WriteString("csi", issuedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("exp", expiresOn.ToUnixTimeSeconds());
            json.WriteString("rgn", Region);
            json.WriteString("acsScope", acsScope);
            json.WriteString("resourceId", resourceId);
            json.WriteString("resourceLocation", ResourceLocation);
            json.WriteNumber("iat", issuedAt.ToUnixTimeSeconds());
            // Not a claim of the service: introspection tells by it whether the token is revoked.
            json.WriteString("jti", tokenNumber.ToString(CultureInfo.InvariantCulture));
        });
        return new IssuedToken(token, expiresOn);
    }
}
