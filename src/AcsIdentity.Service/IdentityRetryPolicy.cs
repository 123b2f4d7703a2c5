using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Tasks;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service;

/// <summary>
/// Azure.Core's retries (three, from 0.8 s on, Retry-After honoured), but none after a time-out, and a create is sent again
/// only where the service cannot have done it: an identity whose id got lost is one that nobody can ever find.
/// </summary>
internal sealed class IdentityRetryPolicy(DelayStrategy? delays = null) : RetryPolicy(delayStrategy: delays)
{
    private static readonly SocketError[] _neverConnected =
    [
        SocketError.ConnectionRefused, SocketError.HostNotFound, SocketError.NoData, SocketError.TryAgain,
        SocketError.HostUnreachable, SocketError.NetworkUnreachable,
    ];

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        base.ShouldRetry(message, exception) && IsHarmless(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        await base.ShouldRetryAsync(message, exception).ConfigureAwait(false) && IsHarmless(message, exception);

    /// <remarks>A try that timed out has cost its time; three more of them would be minutes.</remarks>
    private static bool IsHarmless(HttpMessage message, Exception? exception) =>
        exception is not OperationCanceledException && (!IsCreate(message.Request) || CannotBeDone(message, exception));

    private static bool IsCreate(Request request) =>
        request.Method == RequestMethod.Post && request.Uri.Path.EndsWith("/identities", StringComparison.Ordinal);

    private static bool CannotBeDone(HttpMessage message, Exception? exception) =>
        exception is null
            ? message.HasResponse && message.Response.Status == 429
            : Causes(exception).Any(cause => cause is AuthenticationException || (cause is SocketException socket && _neverConnected.Contains(socket.SocketErrorCode)))
                // A connection that was there and broke is an IOException around the socket's error.
                && !Causes(exception).Any(cause => cause is IOException);

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
