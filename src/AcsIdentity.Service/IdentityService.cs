using System;
using System.Collections.Generic;
using System.Linq;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.Logging;
using AcsIdentity.Service.Quota;
using AcsIdentity.Service.SignIn;
using Azure;
using Azure.Communication;
using Azure.Communication.Identity;
using Azure.Core;

namespace AcsIdentity.Service;

/// <summary>The port on Azure.Communication.Identity: its calls, with every failure as one exception type.</summary>
internal sealed class IdentityService(Uri endpoint, CommunicationIdentityClient client) : IIdentityService
{
    /// <summary>An id of the right form that no resource has.</summary>
    private const string NobodysId = "8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000";

    private readonly ResourceQuota _quota = ResourceQuota.Of(endpoint);

    public ServiceQuota Quota
    {
        get => _quota.Numbers;
        set => _quota.Numbers = value;
    }

    public Task<CreatedIdentity> CreateAsync(IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Create, async ending =>
        {
            if (scopes.Count == 0)
            {
                Response<CommunicationUserIdentifier> user = await client.CreateUserAsync(ending).ConfigureAwait(false);
                return new CreatedIdentity(user.Value.Id, null);
            }

            Response<CommunicationUserIdentifierAndToken> created =
                await client.CreateUserAndTokenAsync(Scopes(scopes), WholeMinutes(lifetime), ending).ConfigureAwait(false);
            return new CreatedIdentity(created.Value.User.Id, TokenOf(created.Value));
        }, timeout, cancellationToken);

    public Task<IssuedToken> IssueTokenAsync(
        string id, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Issue, async ending =>
        {
            Response<AccessToken> token = await client
                .GetTokenAsync(new CommunicationUserIdentifier(id), Scopes(scopes), WholeMinutes(lifetime), ending)
                .ConfigureAwait(false);
            return Issued(token.Value);
        }, timeout, cancellationToken);

    public Task<IssuedToken> ExchangeTeamsTokenAsync(
        SecureString teamsUserToken, Guid clientId, Guid userObjectId, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Exchange, async ending =>
        {
            var options = new GetTokenForTeamsUserOptions(Secret.ToText(teamsUserToken), clientId.ToString(), userObjectId.ToString());
            Response<AccessToken> token = await client.GetTokenForTeamsUserAsync(options, ending).ConfigureAwait(false);
            return Issued(token.Value);
        }, timeout, cancellationToken);

    public Task RevokeTokensAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Revoke, ending => client.RevokeTokensAsync(new CommunicationUserIdentifier(id), ending), timeout, cancellationToken);

    public Task DeleteAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(IdentityOperation.Delete, ending => client.DeleteUserAsync(new CommunicationUserIdentifier(id), ending), timeout, cancellationToken);

    public async Task ValidateAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await RevokeTokensAsync(NobodysId, timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (AcsServiceException refused) when (refused.Kind is FailureKind.IdentityNotFound or FailureKind.InvalidRequest)
        {
            // Whoever gets this answer has been let in.
        }
    }

    public void LogTo(Action<string>? reader)
    {
        if (reader is not null)
        {
            SdkLog.ReadBy(reader);
        }
    }

    public TimeSpan QuotaWait(IdentityOperation operation) => _quota.For(operation).Wait;

    private static CommunicationTokenScope[] Scopes(IReadOnlyCollection<string> scopes) =>
        scopes.Select(scope => new CommunicationTokenScope(scope)).ToArray();

    /// <summary>The service counts in minutes. The client library would round half a minute up; a token must not outlive what was asked for.</summary>
    private static TimeSpan WholeMinutes(TimeSpan? lifetime) => lifetime is { } asked ? TimeSpan.FromMinutes(Math.Floor(asked.TotalMinutes)) : default;

    private static IssuedToken Issued(AccessToken token) => new(Secret.FromText(token.Token), token.ExpiresOn);

    /// <summary>Null where the service sent none: the identity is there all the same, and must not get lost over it.</summary>
    private static IssuedToken? TokenOf(CommunicationUserIdentifierAndToken created)
    {
        try
        {
            return Issued(created.AccessToken);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<T> CallAsync<T>(IdentityOperation operation, Func<CancellationToken, Task<T>> send, TimeSpan timeout, CancellationToken stopping)
    {
        using var call = new ServiceCall(operation, _quota.For(operation), timeout, stopping);
        using IDisposable scope = call.OnMessages();
        try
        {
            return await send(call.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call.IsStopped && !(call.IsUnrepeatable && call.MayBeDone))
        {
            throw;
        }
        catch (SignInException) when (call.IsStopped)
        {
            throw new OperationCanceledException(stopping);
        }
        catch (RequestFailedException refused) when (operation == IdentityOperation.Delete && call.MayBeDone && ServiceFailure.IsIdentityNotOwned(refused))
        {
            // An earlier try has deleted it, and its answer was lost.
            return default!;
        }
        catch (Exception failure)
        {
            throw ServiceFailure.Translate(failure, endpoint, call);
        }
    }
}
