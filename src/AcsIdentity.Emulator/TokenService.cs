using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator;

/// <summary>Issues the resource's access tokens, and judges them when they come back.</summary>
internal sealed class TokenService(Guid resourceId, IdentityStore identities, TimeProvider clock) : IDisposable
{
    private const string AcsPrefix = "8:";
    private const string TeamsUserPrefix = "orgid:";

    // Made when first needed: a key pair takes longer than all else that an emulator does at its start.
    private readonly Lazy<TokenSigner> _signer = new(() => new TokenSigner());

    public IssuedToken Issue(IdentityStore.Identity identity, IReadOnlyList<string> scopes, TimeSpan lifetime)
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
        if (!_signer.Value.IsOurs(token))
        {
            return new TokenIntrospection(IsSigned: false, IsExpired: false, IsRevoked: false, IdentityExists: false);
        }

        using JsonDocument payload = JsonDocument.Parse(Base64Url.Decode(token.Split('.')[1]));
        JsonElement claims = payload.RootElement;
        string subject = claims.GetProperty("skypeid").GetString()!;
        IdentityStore.Identity? identity = identities.Find(AcsPrefix + subject);
        return new TokenIntrospection(
            IsSigned: true,
            IsExpired: claims.GetProperty("exp").GetInt64() <= clock.GetUtcNow().ToUnixTimeSeconds(),
            IsRevoked: identity?.IsRevoked(long.Parse(claims.GetProperty("jti").GetString()!, CultureInfo.InvariantCulture)) ?? false,
            IdentityExists: identity is not null || subject.StartsWith(TeamsUserPrefix, StringComparison.Ordinal));
    }

    /// <summary>The key that the tokens are signed with, as a JSON Web Key Set (RFC 7517).</summary>
    public void WritePublicKeys(Utf8JsonWriter json)
    {
        json.WriteStartArray("keys");
        _signer.Value.WritePublicKey(json);
        json.WriteEndArray();
    }

    public void Dispose()
    {
        if (_signer.IsValueCreated)
        {
            _signer.Value.Dispose();
        }
    }

    private IssuedToken Issue(string subject, long tokenNumber, string acsScope, DateTimeOffset issuedAt, DateTimeOffset expiresOn)
    {
        using var payload = new MemoryStream();
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("skypeid", subject);
            json.WriteString("jti", tokenNumber.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("iat", issuedAt.ToUnixTimeSeconds());
            json.WriteNumber("exp", expiresOn.ToUnixTimeSeconds());
            json.WriteString("acsScope", acsScope);
            json.WriteString("resourceId", resourceId);
            json.WriteEndObject();
        }

        return new IssuedToken(_signer.Value.Sign(payload.ToArray()), expiresOn);
    }

    internal readonly struct IssuedToken(string text, DateTimeOffset expiresOn)
    {
        public string Text { get; } = text;

        public DateTimeOffset ExpiresOn { get; } = expiresOn;
    }
}
