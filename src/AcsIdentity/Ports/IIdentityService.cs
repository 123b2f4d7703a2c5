using System;
using System.Collections.Generic;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Ports;

/// <summary>The identity operations of one Communication Services resource. Safe for concurrent use.</summary>
/// <remarks>
/// Every method throws <see cref="AcsServiceException"/> where the service refuses or cannot be reached, and
/// <see cref="OperationCanceledException"/> where the caller cancels; nothing else.
/// </remarks>
public interface IIdentityService
{
    /// <summary>Creates an identity.</summary>
    /// <param name="scopes">The scopes of a token to issue in the same call; empty for none.</param>
    /// <param name="lifetime">The token's lifetime, 1 h to 24 h; null for the service's default, 24 h.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <remarks>
    /// Sent again only where the service cannot have done it: it has no idempotency key, and nobody could ever find
    /// the identity of a call whose answer was lost.
    /// </remarks>
    Task<CreatedIdentity> CreateAsync(IReadOnlyCollection<string> scopes, TimeSpan? lifetime, CancellationToken cancellationToken);

    /// <summary>Issues an access token for an identity.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="scopes">What the token allows; at least one.</param>
    /// <param name="lifetime">Its lifetime, 1 h to 24 h; null for the service's default, 24 h.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<IssuedToken> IssueTokenAsync(string id, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, CancellationToken cancellationToken);

    /// <summary>Exchanges a Teams user's Entra access token for an access token that expires with it.</summary>
    /// <param name="teamsUserToken">The Entra access token.</param>
    /// <param name="clientId">The Entra application it was issued to.</param>
    /// <param name="userObjectId">The Entra object id of the user.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<IssuedToken> ExchangeTeamsTokenAsync(SecureString teamsUserToken, Guid clientId, Guid userObjectId, CancellationToken cancellationToken);

    /// <summary>Revokes all tokens of an identity. The service takes up to 15 minutes to carry that everywhere.</summary>
    Task RevokeTokensAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes an identity and all that hangs on it; its tokens are revoked.</summary>
    Task DeleteAsync(string id, CancellationToken cancellationToken);
}
