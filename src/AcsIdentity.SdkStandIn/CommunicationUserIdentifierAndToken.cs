using System;
using Azure.Core;

namespace Azure.Communication.Identity;

/// <summary>A new user and the access token that was issued in the same call.</summary>
public class CommunicationUserIdentifierAndToken
{
    private readonly AccessToken? _accessToken;

    internal CommunicationUserIdentifierAndToken(CommunicationUserIdentifier user, AccessToken? accessToken)
    {
        User = user;
        _accessToken = accessToken;
    }

    /// <summary>The user.</summary>
    public CommunicationUserIdentifier User { get; }

    /// <summary>The token.</summary>
    /// <exception cref="InvalidOperationException">The service sent no token, because none was requested.</exception>
    public AccessToken AccessToken => _accessToken ?? throw new InvalidOperationException("The service issued no access token.");

    /// <summary>Deconstructs the pair.</summary>
    public void Deconstruct(out CommunicationUserIdentifier user, out AccessToken accessToken)
    {
        user = User;
        accessToken = AccessToken;
    }
}
