using System;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Authentication;

/// <summary>Checks that a request to the service comes from someone who may: signed with the access key, or with a token of Entra's.</summary>
internal sealed class RequestAuthenticator(SignatureAuthenticator signatures, BearerAuthenticator bearers)
{
    /// <exception cref="ServiceError">It does not.</exception>
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
