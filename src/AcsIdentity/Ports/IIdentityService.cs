using System;
using System.Collections.Generic;
using System.Security;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Ports;

/// <summary>The identity operations of one Communication Services resource. Safe for concurrent use.</summary>
/// <remarks>
/// Every method throws <see cref="AcsServiceException"/> where the service refuses, cannot be reached or does not answer
/// within the time, and <see cref="OperationCanceledException"/> where the caller cancels; nothing else. A call waits for
/// its turn in the resource's quota, which all connections of the process to that endpoint share, and is repeated where
/// that is harmless; the time-out covers all of it.
/// </remarks>
public interface IIdentityService
{
    /// <summary>What the calls of all connections of the process to this endpoint are kept under.</summary>
    ServiceQuota Quota { get; set; }

    /// <summary>Creates an identity.</summary>
    /// <param name="scopes">The scopes of a token to issue in the same call; empty for none.</param>
    /// <param name="lifetime">The token's lifetime, 1 h to 24 h; null for the service's default, 24 h.</param>
    /// <param name="timeout">How long the call may take, waiting and repeats included.</param>
    /// <param name="cancellationToken">
    /// Cancels the call: at once, but for a request that has been sent. That one gets 2 s to be answered, lest its identity be lost.
    /// </param>
    /// <remarks>
    /// Sent again only where the service cannot have done it: it has no idempotency key, and nobody could ever find
    /// the identity of a call whose answer was lost. That is the failure <see cref="FailureKind.OutcomeUnknown"/>.
    /// </remarks>
    Task<CreatedIdentity> CreateAsync(IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Issues an access token for an identity.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="scopes">What the token allows; at least one.</param>
    /// <param name="lifetime">Its lifetime, 1 h to 24 h; null for the service's default, 24 h.</param>
    /// <param name="timeout">How long the call may take, waiting and repeats included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IssuedToken> IssueTokenAsync(
        string id, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Exchanges a Teams user's Entra access token for an access token that expires with it.</summary>
    /// <param name="teamsUserToken">The Entra access token.</param>
    /// <param name="clientId">The Entra application it was issued to.</param>
    /// <param name="userObjectId">The Entra object id of the user.</param>
    /// <param name="timeout">How long the call may take, waiting and repeats included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IssuedToken> ExchangeTeamsTokenAsync(
        SecureString teamsUserToken, Guid clientId, Guid userObjectId, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Revokes all tokens of an identity. The service takes up to 15 minutes to carry that everywhere.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="timeout">How long the call may take, waiting and repeats included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task RevokeTokensAsync(string id, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Deletes an identity and all that hangs on it; its tokens are revoked.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="timeout">How long the call may take, waiting and repeats included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task DeleteAsync(string id, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Finds out whether the service accepts the credential, by a call that changes nothing: it revokes the tokens of nobody.</summary>
    /// <param name="timeout">How long it may take, waiting and repeats included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task ValidateAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Hands on the client library's log of the calls that follow in this flow of execution: methods, addresses, status, request ids, repeats.</summary>
    /// <param name="reader">Takes a line; called on any thread. Null where nobody wants it.</param>
    void LogTo(Action<string>? reader);

    /// <summary>How long, about, the calls of an operation that wait for the quota have to wait yet; zero where none waits.</summary>
    TimeSpan QuotaWait(IdentityOperation operation);
}
