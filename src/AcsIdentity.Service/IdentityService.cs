using System;
using System.Collections.Generic;
using System.Linq;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure;
using Azure.Communication;
using Azure.Communication.Identity;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service;

/// <summary>The port on Azure.Communication.Identity: its calls, with every failure as one exception type.</summary>
internal sealed class IdentityService(Uri endpoint, CommunicationIdentityClient client) : IIdentityService
{
    public Task<CreatedIdentity> CreateAsync(IReadOnlyCollection<string> scopes, TimeSpan? lifetime, CancellationToken cancellationToken) =>
        CallAsync(async () =>
        {
            if (scopes.Count == 0)
            {
                Response<CommunicationUserIdentifier> user = await client.CreateUserAsync(cancellationToken).ConfigureAwait(false);
                return new CreatedIdentity(user.Value.Id, null);
            }

            Response<CommunicationUserIdentifierAndToken> created =
                await client.CreateUserAndTokenAsync(Scopes(scopes), WholeMinutes(lifetime), cancellationToken).ConfigureAwait(false);
            return new CreatedIdentity(created.Value.User.Id, TokenOf(created.Value));
        }, cancellationToken);

    public Task<IssuedToken> IssueTokenAsync(string id, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, CancellationToken cancellationToken) =>
        CallAsync(async () =>
        {
            Response<AccessToken> token = await client
                .GetTokenAsync(new CommunicationUserIdentifier(id), Scopes(scopes), WholeMinutes(lifetime), cancellationToken)
                .ConfigureAwait(false);
            return Issued(token.Value);
        }, cancellationToken);

    public Task<IssuedToken> ExchangeTeamsTokenAsync(SecureString teamsUserToken, Guid clientId, Guid userObjectId, CancellationToken cancellationToken) =>
        CallAsync(async () =>
        {
            var options = new GetTokenForTeamsUserOptions(Secret.ToText(teamsUserToken), clientId.ToString(), userObjectId.ToString());
            Response<AccessToken> token = await client.GetTokenForTeamsUserAsync(options, cancellationToken).ConfigureAwait(false);
            return Issued(token.Value);
        }, cancellationToken);

    public Task RevokeTokensAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(() => client.RevokeTokensAsync(new CommunicationUserIdentifier(id), cancellationToken), cancellationToken);

    public Task DeleteAsync(string id, CancellationToken cancellationToken) =>
        CallAsync(() => client.DeleteUserAsync(new CommunicationUserIdentifier(id), cancellationToken), cancellationToken);

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

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        // One id for all tries of the call, known here even where no answer ever comes.
        string requestId = Guid.NewGuid().ToString();
        using (HttpPipeline.CreateClientRequestIdScope(requestId))
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (Exception failure) when (!(failure is OperationCanceledException && cancellationToken.IsCancellationRequested))
            {
                throw ServiceFailure.Translate(failure, endpoint, requestId);
            }
        }
    }
}
