using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.Logging;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Service.Transport;
using AcsIdentity.Shared;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service.Retries;

/// <summary>
/// Sends each attempt when the rate limit permits it, and decides what is retried. A throttled call is retried until it
/// times out. Other transient failures are retried three times, with the delays of Azure.Core. A create is retried only if
/// the service cannot have carried it out: an identity whose id was lost cannot be found.
/// </summary>
internal sealed class IdentityRetryPolicy(DelayStrategy? delayStrategy = null) : HttpPipelinePolicy
{
    private const int MaxRetries = 3;

    private static readonly SocketError[] _connectErrors =
    [
        SocketError.ConnectionRefused, SocketError.HostNotFound, SocketError.NoData, SocketError.TryAgain,
        SocketError.HostUnreachable, SocketError.NetworkUnreachable,
    ];

    private readonly DelayStrategy _delayStrategy = delayStrategy ?? DelayStrategy.CreateExponentialDelayStrategy();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var call = ServiceCall.Of(message);
        // HttpClient silently resends a request without content if a kept connection breaks under it. The answer "no such
        // identity" to that second request would look like the answer to the first. An empty content prevents it.
        message.Request.Content ??= RequestContent.Create(Array.Empty<byte>());

        await call.BeginAttemptAsync().ConfigureAwait(false);
        for (int retries = 0; ;)
        {
            Exception? failure = null;
            try
            {
                await ProcessNextAsync(message, pipeline).ConfigureAwait(false);
                RequireOwnAnswer(message);
            }
            catch (Exception thrown)
            {
                failure = ServiceTransport.IsConnectTimeout(thrown) ? new ConnectTimeoutException(thrown) : thrown;
            }

            EndAttempt(call, message, failure);
            bool isThrottled = failure is null && message.Response.Status == 429;
            retries += isThrottled ? 0 : 1;
            bool isRetriable = isThrottled || (IsTransient(message, failure) && retries <= MaxRetries && !call.IsOutcomeUnknown);
            if (!isRetriable || !await TryBeginRetryAsync(message, failure, isThrottled, retries, call).ConfigureAwait(false))
            {
                if (failure is not null)
                {
                    ExceptionDispatchInfo.Capture(failure).Throw();
                }

                return;
            }
        }
    }

    /// <summary>Not supported: every method of the port is asynchronous.</summary>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    /// <summary>Notes what the attempt may have done.</summary>
    private static void EndAttempt(ServiceCall call, HttpMessage message, Exception? failure)
    {
        call.EndAttempt();
        call.MayHaveSucceeded |= failure switch
        {
            null => MayHaveSucceeded(message.Response.Status),
            UnusableAnswerException { Status: var status } => MayHaveSucceeded(status),
            _ => !WasNeverSent(failure),
        };
        if (failure is null && call.Operation == IdentityOperation.Create && message.Response.Status == CreateAnswer.Status)
        {
            call.CreatedContent = message.Response.Content;
        }
    }

    /// <summary>
    /// Refuses an answer to another request. If anything between repeats an answer, the next call on the connection gets it, and
    /// would return the wrong identity. The service returns the id of the request; an error of a gateway may have none.
    /// </summary>
    /// <exception cref="IOException">The answer has another id. The own answer is lost.</exception>
    private static void RequireOwnAnswer(HttpMessage message)
    {
        // If two servers on the way add the header, it has the id twice.
        if (message.Response.Headers.TryGetValue("x-ms-client-request-id", out string? requestIds)
            && !requestIds!.Split(',').Any(id => string.Equals(id.Trim(), message.Request.ClientRequestId, StringComparison.OrdinalIgnoreCase)))
        {
            throw new IOException("The connection returned the answer to another request.");
        }
    }

    /// <summary>Azure.Core decides. To it, a cancellation is transient if the attempt timed out, but not the call.</summary>
    private static bool IsTransient(HttpMessage message, Exception? failure) =>
        failure is null ? message.ResponseClassifier.IsRetriableResponse(message) : message.ResponseClassifier.IsRetriable(message, failure);

    /// <summary>A rejected request was not carried out. Behind an error of the server or a gateway, it may have been.</summary>
    private static bool MayHaveSucceeded(int status) => status is < 400 or 408 or >= 500;

    private static bool WasNeverSent(Exception failure) => failure is SignInException or ConnectTimeoutException || IsConnectFailure(failure);

    private static bool IsConnectFailure(Exception failure) =>
        Causes(failure).Any(cause => cause is AuthenticationException || (cause is SocketException socket && _connectErrors.Contains(socket.SocketErrorCode)))
        // If an established connection breaks, an IOException wraps the error of the socket.
        && !Causes(failure).Any(cause => cause is IOException);

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private async Task<bool> TryBeginRetryAsync(HttpMessage message, Exception? failure, bool isThrottled, int retry, ServiceCall call)
    {
        TimeSpan delay = isThrottled
            ? call.ReportThrottled(RetryAfterHeader.Read(message.Response))
            : _delayStrategy.GetNextDelay(failure is null ? message.Response : null, retry);
        string reason = failure is null ? $"was answered {message.Response.Status}" : $"failed: {VisibleText.Of(failure.GetBaseException().Message)}";
        RetryEventSource.Log.Retrying(call.RequestId, reason, Math.Round(delay.TotalSeconds, 1));
        RetryNotice.Write($"The request {reason.TrimEnd('.')}", delay);
        return await call.TryBeginRetryAsync(delay).ConfigureAwait(false);
    }
}
