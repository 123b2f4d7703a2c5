using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using System.Threading.Tasks;
using AcsIdentity.Service.Logging;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Service.Transport;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service.Retries;

/// <summary>
/// Sends each try when the quota allows it, and knows what it repeats. A call refused for its quota is sent again until
/// its time is up; any other failure that may pass three times, from 0.8 s on, as Azure.Core does. A create is sent again
/// only where the service cannot have done it: an identity whose id got lost is one that nobody can ever find.
/// </summary>
internal sealed class IdentityRetryPolicy(DelayStrategy? delays = null) : HttpPipelinePolicy
{
    private const int MostRetries = 3;

    private static readonly SocketError[] _neverConnected =
    [
        SocketError.ConnectionRefused, SocketError.HostNotFound, SocketError.NoData, SocketError.TryAgain,
        SocketError.HostUnreachable, SocketError.NetworkUnreachable,
    ];

    private readonly DelayStrategy _delays = delays ?? DelayStrategy.CreateExponentialDelayStrategy();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var call = ServiceCall.Of(message);
        // HttpClient repeats a request without content by itself when a kept connection breaks under it, and says nothing
        // of it; the answer to the second one, that there is no such identity, could not be told from the truth.
        message.Request.Content ??= RequestContent.Create(Array.Empty<byte>());

        await call.SendAsync().ConfigureAwait(false);
        for (int retries = 0; ;)
        {
            Exception? failure = await TryAsync(message, pipeline, call).ConfigureAwait(false);
            bool isThrottled = failure is null && message.Response.Status == 429;
            retries += isThrottled ? 0 : 1;
            bool isRepeatable = isThrottled || (MayPass(message, failure) && retries <= MostRetries && !(call.IsUnrepeatable && call.MayBeDone));
            if (!isRepeatable || !await TrySendAgainAsync(message, failure, isThrottled, retries, call).ConfigureAwait(false))
            {
                if (failure is not null)
                {
                    ExceptionDispatchInfo.Capture(failure).Throw();
                }

                return;
            }
        }
    }

    /// <summary>The port is asynchronous all through.</summary>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    private static async Task<Exception?> TryAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline, ServiceCall call)
    {
        Exception? failure = null;
        try
        {
            await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }

        call.EndTry();
        call.MayBeDone |= failure is null ? MayBeDone(message.Response.Status) : !NeverSent(failure);
        return failure;
    }

    /// <summary>What may pass, as Azure.Core sees it; and a try that timed out by itself, not because the call's time is up.</summary>
    private static bool MayPass(HttpMessage message, Exception? failure) =>
        failure is null
            ? message.ResponseClassifier.IsRetriableResponse(message)
            : !message.CancellationToken.IsCancellationRequested
                && (failure is OperationCanceledException || message.ResponseClassifier.IsRetriable(message, failure));

    /// <summary>A refusal was not carried out. Behind a server error, or a gateway's, the work may have been done.</summary>
    private static bool MayBeDone(int status) => status is < 400 or 408 or >= 500;

    private static bool NeverSent(Exception failure) =>
        failure is SignInException || ServiceTransport.IsConnectTimeout(failure) || NeverConnected(failure);

    private static bool NeverConnected(Exception failure) =>
        Causes(failure).Any(cause => cause is AuthenticationException || (cause is SocketException socket && _neverConnected.Contains(socket.SocketErrorCode)))
        // A connection that was there and broke is an IOException around the socket's error.
        && !Causes(failure).Any(cause => cause is IOException);

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private async Task<bool> TrySendAgainAsync(HttpMessage message, Exception? failure, bool isThrottled, int retry, ServiceCall call)
    {
        TimeSpan delay = isThrottled
            ? call.Throttled(ServerDelay.Of(message.Response))
            : _delays.GetNextDelay(failure is null ? message.Response : null, retry);
        RetryEventSource.Log.Retrying(
            call.RequestId, failure is null ? $"was answered {message.Response.Status}" : $"failed: {failure.GetBaseException().Message}", Math.Round(delay.TotalSeconds, 1));
        return await call.TrySendAgainAsync(delay).ConfigureAwait(false);
    }
}
