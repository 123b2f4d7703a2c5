using System;
using System.Collections.Generic;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Models;

namespace AcsIdentity.Ports;

/// <summary>The operations of one Communication Services resource on identities, tokens and Teams Phone access. Safe for concurrent use.</summary>
/// <remarks>
/// Every method throws <see cref="AcsServiceException"/> if the call fails or times out, and
/// <see cref="OperationCanceledException"/> if the caller cancels; it throws nothing else. A call waits until the quota of the
/// resource permits it. All connections of the process to an endpoint share that quota. Calls are retried if that is safe.
/// </remarks>
public interface IIdentityService
{
    /// <summary>The quota for the calls of all connections of the process to this endpoint.</summary>
    ServiceQuota Quota { get; set; }

    /// <summary>Creates an identity.</summary>
    /// <param name="scopes">The scopes of a token to issue in the same call; empty for none.</param>
    /// <param name="lifetime">The token's lifetime, 1 h to 24 h; null for the default of the service, 24 h.</param>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">
    /// Cancels the call. A request in flight gets 2 s to finish, so that the id of a new identity is not lost.
    /// </param>
    /// <remarks>
    /// A create that may have succeeded is not retried: the service has no idempotency key. It fails with
    /// <see cref="FailureKind.OutcomeUnknown"/>.
    /// </remarks>
    Task<CreatedIdentity> CreateAsync(IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Issues an access token for an identity.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="scopes">The scopes of the token; at least one.</param>
    /// <param name="lifetime">Its lifetime, 1 h to 24 h; null for the default of the service, 24 h.</param>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IssuedToken> IssueTokenAsync(
        string id, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Exchanges a Teams user's Entra access token for an access token that expires with it.</summary>
    /// <param name="teamsUserToken">The Entra access token.</param>
    /// <param name="clientId">The Entra application that the token was issued to.</param>
    /// <param name="userObjectId">The Entra object id of the user.</param>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IssuedToken> ExchangeTeamsTokenAsync(
        SecureString teamsUserToken, Guid clientId, Guid userObjectId, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Revokes all tokens of an identity. It takes the service up to 15 minutes to apply this everywhere.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task RevokeTokensAsync(string id, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Deletes an identity with its data, and revokes its tokens.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task DeleteAsync(string id, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Gives a Teams user or a Teams resource account access to the resource, or replaces its access. May be repeated.</summary>
    /// <param name="assignment">The access.</param>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The access as the service has it.</returns>
    Task<TeamsExtensionAssignment> SetAssignmentAsync(TeamsExtensionAssignment assignment, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Gets the access of a Teams user or a Teams resource account.</summary>
    /// <param name="tenantId">The Entra tenant of the principal.</param>
    /// <param name="objectId">Its object id in Entra.</param>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<TeamsExtensionAssignment> GetAssignmentAsync(Guid tenantId, Guid objectId, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Removes the access of a Teams user or a Teams resource account.</summary>
    /// <param name="tenantId">The Entra tenant of the principal.</param>
    /// <param name="objectId">Its object id in Entra.</param>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task RemoveAssignmentAsync(Guid tenantId, Guid objectId, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Exchanges the Entra access token of a Teams Phone user for an access token that expires with it. The endpoint must be https.</summary>
    /// <param name="userToken">The Entra access token.</param>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<ExchangedToken> ExchangeTeamsExtensionTokenAsync(SecureString userToken, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Checks the credential with a call that changes nothing: it revokes the tokens of an identity that does not exist.</summary>
    /// <param name="timeout">The time limit of the call, waiting and retries included.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task ValidateAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Forwards the log of the calls that follow in this asynchronous flow.</summary>
    /// <param name="reader">Receives each line, on any thread: method, address, status, request id and retries. Null forwards nothing.</param>
    /// <param name="retries">Receives a sentence for each retry, on any thread. Null forwards nothing.</param>
    void LogTo(Action<string>? reader, Action<string>? retries);

    /// <summary>Returns about how long the pending calls of an operation have to wait for the quota; zero if no call is pending.</summary>
    TimeSpan QuotaWait(IdentityOperation operation);
}
