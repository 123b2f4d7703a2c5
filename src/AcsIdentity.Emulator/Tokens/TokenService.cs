using System;
using System.Collections.Generic;
using System.Globalization;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Tokens;

/// <summary>Issues the resource's access tokens, and judges them when they come back.</summary>
internal sealed class TokenService(Guid resourceId, IdentityStore identities, Lazy<TokenSigner> signer, TimeProvider clock)
{
    private const string AcsPrefix = "8:";
    private const string TeamsUserPrefix = "orgid:";

    public IssuedToken Issue(Identity identity, IReadOnlyList<string> scopes, TimeSpan lifetime)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset expiresOn = now + lifetime;
        // Interned: there are few lists of scopes, and a record of one for each of millions of tokens.
        string acsScope = string.Intern(string.Join(",", scopes));
        return Issue(identity.Id.Substring(AcsPrefix.Length), identity.AddToken(acsScope, now, expiresOn), acsScope, now, expiresOn);
    }

    /// <summary>A token for a Teams user; it expires with the Entra token that it was exchanged for.</summary>
    public IssuedToken IssueForTeamsUser(Guid userId, DateTimeOffset expiresOn) =>
        Issue(TeamsUserPrefix + userId, tokenNumber: 0, "chat,voip", clock.GetUtcNow(), expiresOn);

    public TokenIntrospection Introspect(string token)
    {
        // The tokens of the Entra tenant have the same signer, but name no one of the resource's.
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

    private IssuedToken Issue(string subject, long tokenNumber, string acsScope, DateTimeOffset issuedAt, DateTimeOffset expiresOn)
    {
        string token = signer.Value.Sign(json =>
        {
            json.WriteString("skypeid", subject);
            json.WriteString("jti", tokenNumber.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("iat", issuedAt.ToUnixTimeSeconds());
            json.WriteNumber("exp", expiresOn.ToUnixTimeSeconds());
            json.WriteString("acsScope", acsScope);
            json.WriteString("resourceId", resourceId);
        });
        return new IssuedToken(token, expiresOn);
    }
}
