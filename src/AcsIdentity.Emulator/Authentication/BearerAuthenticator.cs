using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Http;


namespace AcsIdentity.Emulator.Authentication;

/// <summary>Checks the Entra token of a request (RFC 6750). It counts over TLS only.</summary>
internal sealed class BearerAuthenticator(EntraTokens tokens)
{
    public const string Scheme = "Bearer ";

    /// <summary>What the service's own clients ask a token for: scope https://communication.azure.com//.default.</summary>
    private const string Audience = "https://communication.azure.com/";

    /// <exception cref="ServiceError">There is no token for the service, or it was not sent over TLS.</exception>
    public void Authenticate(EmulatorRequest request)
    {
        string token = request.Header("Authorization")!.Substring(Scheme.Length);
        if (!request.IsSecure || !tokens.IsValid(token, Audience))
        {
            throw ServiceError.Denied();
        }
    }
}
