using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.Transport;
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

    /// <summary>Two sources need this package. The module does not have it, so they never give a token here.</summary>
    private const string BrokerPackage = "Azure.Identity.Broker";

    private static readonly Regex _filler = new(" authentication (unavailable[.]|failed:) ", RegexOptions.CultureInvariant);

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
            throw new SignInException(credential, Reason(failure), failure);
        }
    }

    private string Reason(AuthenticationFailedException failure) => failure switch
    {
        _ when failure.GetBaseException() is UnusableAnswerException unusable => unusable.Message,
        { InnerException: AggregateException sources } when credential is ServiceCredential.DefaultAzure =>
            string.Join("; ", sources.InnerExceptions.Where(source => !source.Message.Contains(BrokerPackage)).Select(source => Shorten(source.Message))) + ".",
        CredentialUnavailableException => failure.Message,
        // If the authority rejected the request, the innermost message is the authority's.
        _ => failure.GetBaseException().Message,
    };

    /// <summary>Shortens a reason of DefaultAzureCredential to the name of the source and what is missing.</summary>
    private static string Shorten(string reason) =>
        _filler.Replace(reason.Split('\r', '\n')[0], ": ").Split([" See the "], StringSplitOptions.None)[0].TrimEnd('.');
}
