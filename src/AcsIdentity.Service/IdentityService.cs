using System;
using System.Collections.Generic;
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
        CallAsync(IdentityOperation.Create, call => CreateAsync(call, scopes, lifetime), timeout, cancellationToken);

    public Task<IssuedToken> IssueTokenAsync(
        string id, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Issue, async call =>
        {
            Response<AccessToken> issued = await client
                .GetTokenAsync(new CommunicationUserIdentifier(id), Scopes(scopes), WholeMinutes(lifetime), call.Token)
                .ConfigureAwait(false);
            return IssuedTokenOf(issued);
        }, timeout, cancellationToken);

    public Task<IssuedToken> ExchangeTeamsTokenAsync(
        SecureString teamsUserToken, Guid clientId, Guid userObjectId, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Exchange, async call =>
        {
            var options = new GetTokenForTeamsUserOptions(Secret.ToText(teamsUserToken), clientId.ToString(), userObjectId.ToString());
            Response<AccessToken> issued = await client.GetTokenForTeamsUserAsync(options, call.Token).ConfigureAwait(false);
            return IssuedTokenOf(issued);
        }, timeout, cancellationToken);

    public Task RevokeTokensAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Revoke, call => client.RevokeTokensAsync(new CommunicationUserIdentifier(id), call.Token), timeout, cancellationToken);

    public Task DeleteAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Delete, call => client.DeleteUserAsync(new CommunicationUserIdentifier(id), call.Token), timeout, cancellationToken);

    public Task<TeamsExtensionAssignment> SetAssignmentAsync(TeamsExtensionAssignment assignment, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.SetAssignment, call => teamsExtension.Value.SetAsync(assignment, call.Token), timeout, cancellationToken);

    public Task<TeamsExtensionAssignment> GetAssignmentAsync(Guid tenantId, Guid objectId, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.GetAssignment, call => teamsExtension.Value.GetAsync(tenantId, objectId, call.Token), timeout, cancellationToken);

    public Task RemoveAssignmentAsync(Guid tenantId, Guid objectId, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.RemoveAssignment, call => teamsExtension.Value.RemoveAsync(tenantId, objectId, call.Token), timeout, cancellationToken);

    public Task<ExchangedToken> ExchangeTeamsExtensionTokenAsync(SecureString userToken, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Exchange, call => teamsExtension.Value.ExchangeAsync(Secret.ToText(userToken), call.Token), timeout, cancellationToken);

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

    private static CommunicationTokenScope[] Scopes(IReadOnlyCollection<string> scopes)
    {
        // Not by LINQ: over a struct, .NET would compile eight of its methods at the first call.
        var requested = new CommunicationTokenScope[scopes.Count];
        int count = 0;
        foreach (string scope in scopes)
        {
            requested[count++] = new CommunicationTokenScope(scope);
        }

        return requested;
    }

    /// <summary>Rounds down to minutes, the unit of the service. The client library would round up, and a token must not live longer than requested.</summary>
    private static TimeSpan WholeMinutes(TimeSpan? lifetime) => lifetime is { } requested ? TimeSpan.FromMinutes(Math.Floor(requested.TotalMinutes)) : default;

    /// <exception cref="UnusableAnswerException">A part of the token is missing.</exception>
    private static IssuedToken IssuedTokenOf(Response<AccessToken> issued) =>
        TokenOrNull(issued.Value) ?? throw new UnusableAnswerException(issued.GetRawResponse().Status, "The answer has no token, or no expiry of it.");

    /// <summary>Returns null if a part of the token is missing. The client library takes the lowest date for an expiry that is missing.</summary>
    private static IssuedToken? TokenOrNull(AccessToken token) =>
        string.IsNullOrEmpty(token.Token) || token.ExpiresOn == default ? null : new IssuedToken(Secret.FromText(token.Token), token.ExpiresOn);

    /// <summary>Returns null if the service sent no valid token. The identity exists, so its id must reach the caller.</summary>
    private static IssuedToken? TokenOrNull(CommunicationUserIdentifierAndToken created)
    {
        try
        {
            return TokenOrNull(created.AccessToken);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<CreatedIdentity> CreateAsync(ServiceCall call, IReadOnlyCollection<string> scopes, TimeSpan? lifetime)
    {
        try
        {
            if (scopes.Count == 0)
            {
                Response<CommunicationUserIdentifier> user = await client.CreateUserAsync(call.Token).ConfigureAwait(false);
                return new CreatedIdentity(CreateAnswer.RequireId(user.Value.Id), Token: null);
            }

            Response<CommunicationUserIdentifierAndToken> created =
                await client.CreateUserAndTokenAsync(Scopes(scopes), WholeMinutes(lifetime), call.Token).ConfigureAwait(false);
            return new CreatedIdentity(CreateAnswer.RequireId(created.Value.User.Id), TokenOrNull(created.Value));
        }
        catch (Exception) when (call.CreatedContent is not null)
        {
            // The identity exists, and only its id leads to it. So what is broken elsewhere in the answer must not cost the id.
            if (CreateAnswer.FindId(call.CreatedContent) is not { } id)
            {
                throw;
            }

            return new CreatedIdentity(CreateAnswer.RequireId(id), Token: null);
        }
    }

    private async Task<T> CallAsync<T>(IdentityOperation operation, Func<ServiceCall, Task<T>> send, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var call = new ServiceCall(operation, _quota.LimiterOf(operation), timeout, clock, cancellationToken);
        using IDisposable scope = call.OnMessages();
        try
        {
            return await send(call).ConfigureAwait(false);
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
