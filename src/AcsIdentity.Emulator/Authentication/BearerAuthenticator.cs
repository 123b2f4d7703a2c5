using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Http;


namespace AcsIdentity.Emulator.Authentication;

/// <summary>Authenticates a request by its Entra token (RFC 6750), over TLS only.</summary>
internal sealed class BearerAuthenticator(EntraTokens tokens)
{
    public const string Scheme = "Bearer ";

    /// <summary>The audience of the tokens that the service's clients request, with the scope https://communication.azure.com//.default.</summary>
    private const string Audience = "https://communication.azure.com/";

    /// <exception cref="ServiceError">The token is not valid for the service, or was not sent over TLS.</exception>
    public void Authenticate(EmulatorRequest request)
    {
        string token = request.Header("Authorization")!.Substring(Scheme.Length);
        if (!request.IsSecure || !tokens.IsValid(token, Audience))
        {
            throw ServiceError.Denied();
        }
    }
}
