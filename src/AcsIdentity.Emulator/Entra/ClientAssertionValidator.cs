using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Validates client assertions: tokens that a client signs with the key of its certificate (RFC 7523 section 3).</summary>
/// <remarks>Format: https://learn.microsoft.com/entra/identity-platform/certificate-credentials.</remarks>
internal sealed class ClientAssertionValidator(Guid clientId, X509Certificate2? certificate, TimeProvider clock)
{
    /// <param name="assertion">The assertion.</param>
    /// <param name="audience">The address of the token endpoint that the client used.</param>
    /// <exception cref="EntraError">The assertion is not valid.</exception>
    public void Validate(string assertion, string audience)
    {
        JsonWebToken token = JsonWebToken.TryRead(assertion) ?? throw EntraError.AssertionMalformed();
        if (!IsSigned(token))
        {
            throw EntraError.AssertionNotSigned();
        }

        if (!IsClient(token.GetClaim("iss")) || !IsClient(token.GetClaim("sub")))
        {
            throw EntraError.AssertionOfAnotherClient();
        }

        if (token.GetClaim("aud") != audience)
        {
            throw EntraError.AssertionForAnotherAudience();
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (token.GetTime("exp") is not { } expiresOn || expiresOn <= now || token.GetTime("nbf") > now)
        {
            throw EntraError.AssertionExpired();
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
