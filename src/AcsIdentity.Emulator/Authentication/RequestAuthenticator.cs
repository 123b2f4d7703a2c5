using System;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Authentication;

/// <summary>Authenticates a request to the service by its Entra token or by its signature.</summary>
internal sealed class RequestAuthenticator(SignatureAuthenticator signatures, BearerAuthenticator bearers)
{
    /// <exception cref="ServiceError">The token or the signature is not valid.</exception>
    public void Authenticate(EmulatorRequest request)
    {
        if (request.Header("Authorization")?.StartsWith(BearerAuthenticator.Scheme, StringComparison.OrdinalIgnoreCase) == true)
        {
            bearers.Authenticate(request);
        }
        else
        {
            signatures.Authenticate(request);
        }
    }
}
