using System;
using System.Collections.Generic;
using System.Linq;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Models;
using AcsIdentity.Ports;
using AcsIdentity.Service.Logging;
using AcsIdentity.Service.Quota;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Service.TeamsExtension;
using AcsIdentity.Service.Transport;
using Azure;
using Azure.Communication;
using Azure.Communication.Identity;
using Azure.Core;

namespace AcsIdentity.Service;

/// <summary>Implements the port on Azure.Communication.Identity, and on a client of our own for what it lacks. Every failure becomes one exception type.</summary>
internal sealed class IdentityService(Uri endpoint, CommunicationIdentityClient client, Lazy<TeamsExtensionClient> teamsExtension, TimeProvider clock) : IIdentityService
{
    /// <summary>A well-formed id that does not exist in any resource.</summary>
    private const string NonexistentId = "8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000";

    private readonly ResourceQuota _quota = ResourceQuota.Of(endpoint, clock);

    public ServiceQuota Quota
    {
        get => _quota.Limits;
        set => _quota.Limits = value;
    }

    public Task<CreatedIdentity> CreateAsync(IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Create, async token =>
        {
            if (scopes.Count == 0)
            {
                Response<CommunicationUserIdentifier> user = await client.CreateUserAsync(token).ConfigureAwait(false);
                return new CreatedIdentity(user.Value.Id, null);
            }

            Response<CommunicationUserIdentifierAndToken> created =
                await client.CreateUserAndTokenAsync(Scopes(scopes), WholeMinutes(lifetime), token).ConfigureAwait(false);
            return new CreatedIdentity(created.Value.User.Id, TokenOrNull(created.Value));
        }, timeout, cancellationToken);

    public Task<IssuedToken> IssueTokenAsync(
        string id, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Issue, async token =>
        {
            Response<AccessToken> issued = await client
                .GetTokenAsync(new CommunicationUserIdentifier(id), Scopes(scopes), WholeMinutes(lifetime), token)
                .ConfigureAwait(false);
            return IssuedTokenOf(issued.Value);
        }, timeout, cancellationToken);

    public Task<IssuedToken> ExchangeTeamsTokenAsync(
        SecureString teamsUserToken, Guid clientId, Guid userObjectId, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Exchange, async token =>
        {
            var options = new GetTokenForTeamsUserOptions(Secret.ToText(teamsUserToken), clientId.ToString(), userObjectId.ToString());
            Response<AccessToken> issued = await client.GetTokenForTeamsUserAsync(options, token).ConfigureAwait(false);
            return IssuedTokenOf(issued.Value);
        }, timeout, cancellationToken);

    public Task RevokeTokensAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Revoke, token => client.RevokeTokensAsync(new CommunicationUserIdentifier(id), token), timeout, cancellationToken);

    public Task DeleteAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Delete, token => client.DeleteUserAsync(new CommunicationUserIdentifier(id), token), timeout, cancellationToken);

    public Task<TeamsExtensionAssignment> SetAssignmentAsync(TeamsExtensionAssignment assignment, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.SetAssignment, token => teamsExtension.Value.SetAsync(assignment, token), timeout, cancellationToken);

    public Task<TeamsExtensionAssignment> GetAssignmentAsync(Guid tenantId, Guid objectId, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.GetAssignment, token => teamsExtension.Value.GetAsync(tenantId, objectId, token), timeout, cancellationToken);

    public Task RemoveAssignmentAsync(Guid tenantId, Guid objectId, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.RemoveAssignment, token => teamsExtension.Value.RemoveAsync(tenantId, objectId, token), timeout, cancellationToken);

    public Task<ExchangedToken> ExchangeTeamsExtensionTokenAsync(SecureString userToken, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Exchange, token => teamsExtension.Value.ExchangeAsync(Secret.ToText(userToken), token), timeout, cancellationToken);

    public async Task ValidateAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await RevokeTokensAsync(NonexistentId, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (AcsServiceException rejection) when (rejection.Kind is FailureKind.IdentityNotFound or FailureKind.InvalidRequest)
        {
            // The service checks the credential before the id.
        }
    }

    public void LogTo(Action<string>? reader, Action<string>? retries)
    {
        RetryNotice.ForwardTo(retries);
        if (reader is not null)
        {
            SdkLog.ForwardTo(reader);
        }
    }

    public TimeSpan QuotaWait(IdentityOperation operation) => _quota.LimiterOf(operation).EstimatedWait;

    private static CommunicationTokenScope[] Scopes(IReadOnlyCollection<string> scopes) =>
        scopes.Select(scope => new CommunicationTokenScope(scope)).ToArray();

    /// <summary>Rounds down to minutes, the unit of the service. The client library would round up, and a token must not live longer than requested.</summary>
    private static TimeSpan WholeMinutes(TimeSpan? lifetime) => lifetime is { } requested ? TimeSpan.FromMinutes(Math.Floor(requested.TotalMinutes)) : default;

    private static IssuedToken IssuedTokenOf(AccessToken token) => new(Secret.FromText(token.Token), token.ExpiresOn);

    /// <summary>Returns null if the service sent no token. The identity exists, so its id must reach the caller.</summary>
    private static IssuedToken? TokenOrNull(CommunicationUserIdentifierAndToken created)
    {
        try
        {
            return IssuedTokenOf(created.AccessToken);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<T> CallAsync<T>(IdentityOperation operation, Func<CancellationToken, Task<T>> send, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var call = new ServiceCall(operation, _quota.LimiterOf(operation), timeout, clock, cancellationToken);
        using IDisposable scope = call.OnMessages();
        try
        {
            return await send(call.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call.IsCancelledByCaller && !call.IsOutcomeUnknown)
        {
            throw;
        }
        catch (Exception neverSent) when (neverSent is SignInException or ConnectTimeoutException && call.IsCancelledByCaller)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RequestFailedException rejection) when (call.MayHaveSucceeded && ServiceFailure.IsAlreadyGone(rejection, operation))
        {
            // An earlier attempt removed it, and its response was lost.
            return default!;
        }
        catch (Exception failure)
        {
            throw ServiceFailure.Translate(failure, endpoint, call);
        }
    }
}
