using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Authentication;

/// <summary>Authenticates a request by its Entra token (RFC 6750), over TLS only.</summary>
internal sealed class BearerAuthenticator(EntraTokens tokens)
{
    public const string Scheme = "Bearer ";

    /// <summary>The audience of the tokens that the service's clients request, with the scope https://communication.azure.com//.default.</summary>
    public const string ServiceAudience = "https://communication.azure.com/";

    /// <returns>The token.</returns>
    /// <exception cref="ServiceError">The token is not valid for the audience, or was not sent over TLS.</exception>
    public JsonWebToken Authenticate(EmulatorRequest request, string audience)
    {
        string token = request.Header("Authorization")!.Substring(Scheme.Length);
        return request.IsSecure && tokens.TryValidate(token, audience) is { } valid ? valid : throw ServiceError.Denied();
    }
}
