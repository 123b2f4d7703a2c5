using System;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Core;
using Azure.Identity;

namespace AcsIdentity.Service.SignIn;

/// <summary>Gets tokens for the client library from a credential of Azure.Identity, within a time limit. A failure names the credential.</summary>
internal sealed class EntraCredential(ServiceCredential credential, TokenCredential source, string? audience, TimeProvider clock) : TokenCredential
{
    /// <summary>An unattended script must fail within 10 s, for example if the host has no managed identity.</summary>
    private static readonly TimeSpan _unattendedTimeout = TimeSpan.FromSeconds(8);

    /// <summary>DefaultAzureCredential tries several sources in turn. Some of them are programs that start slowly.</summary>
    private static readonly TimeSpan _defaultAzureTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan _interactiveTimeout = TimeSpan.FromMinutes(15);

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        TimeSpan timeout = credential switch
        {
            ServiceCredential.Interactive or ServiceCredential.DeviceCode => _interactiveTimeout,
            ServiceCredential.DefaultAzure => _defaultAzureTimeout,
            _ => _unattendedTimeout,
        };
        using CancellationTokenSource timingOut = clock.CreateCancellationTokenSource(timeout);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timingOut.Token);
        string[] scopes = audience is null ? requestContext.Scopes : [audience + "/.default"];
        try
        {
            return await source
                .GetTokenAsync(new TokenRequestContext(scopes, requestContext.ParentRequestId, requestContext.Claims, requestContext.TenantId), cancellation.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Also if the call timed out: after an OperationCanceledException the call would count as sent.
            throw new SignInException(
                credential, cancellationToken.IsCancellationRequested ? "The call timed out before a response arrived." : $"No response arrived within {timeout.TotalSeconds:0} s.");
        }
        catch (AuthenticationFailedException failure)
        {
            // If the authority rejected the request, the innermost message is the authority's.
            throw new SignInException(credential, failure is CredentialUnavailableException ? failure.Message : failure.GetBaseException().Message, failure);
        }
    }
}
