using System;

namespace Azure.Communication.Identity;

/// <summary>The arguments for the exchange of a Teams user's Entra token.</summary>
public class GetTokenForTeamsUserOptions
{
    /// <summary>Initializes the arguments of an exchange.</summary>
    /// <param name="teamsUserAadToken">The Entra access token of the Teams user.</param>
    /// <param name="clientId">The client id of the Entra application that the token was issued to.</param>
    /// <param name="userObjectId">The object id of the user.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public GetTokenForTeamsUserOptions(string teamsUserAadToken, string clientId, string userObjectId)
    {
        TeamsUserAadToken = teamsUserAadToken ?? throw new ArgumentNullException(nameof(teamsUserAadToken));
        ClientId = clientId ?? throw new ArgumentNullException(nameof(clientId));
        UserObjectId = userObjectId ?? throw new ArgumentNullException(nameof(userObjectId));
    }

    /// <summary>The Entra access token of the Teams user.</summary>
    public string TeamsUserAadToken { get; }

    /// <summary>The client id of the Entra application that the token was issued to.</summary>
    public string ClientId { get; }

    /// <summary>The object id of the user.</summary>
    public string UserObjectId { get; }
}
