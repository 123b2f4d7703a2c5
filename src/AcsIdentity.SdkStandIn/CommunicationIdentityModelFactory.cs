using Azure.Core;

namespace Azure.Communication.Identity.Models;

/// <summary>Creates the models that the client returns, for tests of code that uses the client.</summary>
public static class CommunicationIdentityModelFactory
{
    /// <summary>Creates a user with a token.</summary>
    public static CommunicationUserIdentifierAndToken CommunicationUserIdentifierAndToken(CommunicationUserIdentifier user, AccessToken accessToken) =>
        new(user, accessToken);
}
