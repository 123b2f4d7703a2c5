using System;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Authentication;

/// <summary>Authenticates a request to the service by its Entra token or by its signature.</summary>
internal sealed class RequestAuthenticator(SignatureAuthenticator signatures, BearerAuthenticator bearers)
{
    /// <param name="request">The request.</param>
    /// <param name="audience">The audience that an Entra token must have.</param>
    /// <returns>The Entra token; null if the request is signed with the access key.</returns>
    /// <exception cref="ServiceError">The token or the signature is not valid.</exception>
    public JsonWebToken? Authenticate(EmulatorRequest request, string audience)
    {
        if (request.Header("Authorization")?.StartsWith(BearerAuthenticator.Scheme, StringComparison.OrdinalIgnoreCase) == true)
        {
            return bearers.Authenticate(request, audience);
        }

        signatures.Authenticate(request);
        return null;
    }
}
