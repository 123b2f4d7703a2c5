using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Checks that a client holds the key of its certificate, by a token that it signed itself (RFC 7523 section 3).</summary>
/// <remarks>Form: https://learn.microsoft.com/entra/identity-platform/certificate-credentials.</remarks>
internal sealed class ClientAssertionValidator(Guid clientId, X509Certificate2? certificate, TimeProvider clock)
{
    /// <param name="assertion">The client's token.</param>
    /// <param name="audience">The address of the token endpoint, as the client knows it.</param>
    /// <exception cref="EntraRefusal">The client has not proved it.</exception>
    public void Demand(string assertion, string audience)
    {
        JsonWebToken token = JsonWebToken.TryRead(assertion) ?? throw EntraRefusal.AssertionMalformed();
        if (!IsSigned(token))
        {
            throw EntraRefusal.AssertionNotSigned();
        }

        if (!IsClient(token.Text("iss")) || !IsClient(token.Text("sub")))
        {
            throw EntraRefusal.AssertionOfAnotherClient();
        }

        if (token.Text("aud") != audience)
        {
            throw EntraRefusal.AssertionForAnotherAudience();
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (token.Time("exp") is not { } expiresOn || expiresOn <= now || token.Time("nbf") > now)
        {
            throw EntraRefusal.AssertionExpired();
        }
    }

    private bool IsSigned(JsonWebToken token)
    {
        RSASignaturePadding? padding = token.Algorithm switch
        {
            "PS256" => RSASignaturePadding.Pss,
            "RS256" => RSASignaturePadding.Pkcs1,
            _ => null,
        };
        using RSA? key = certificate?.GetRSAPublicKey();
        return padding is not null && key is not null && token.IsSignedWith(key, padding);
    }

    private bool IsClient(string? claim) => Guid.TryParse(claim, out Guid id) && id == clientId;
}
