using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.Quota;
using AcsIdentity.Service.Retries;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service;

/// <summary>
/// One call with all its attempts: its time limit, its cancellation, and whether it may have succeeded.
/// <see cref="IdentityRetryPolicy"/> finds it on the message and keeps it up to date.
/// </summary>
internal sealed class ServiceCall : IDisposable
{
    private const string MessageProperty = "AcsIdentity.ServiceCall";

    /// <summary>Time that a create in flight gets after its caller cancels. Without it, the id of a new identity would be lost.</summary>
    private static readonly TimeSpan _gracePeriod = TimeSpan.FromSeconds(2);

    private readonly OperationRateLimiter _limiter;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly CancellationToken _callerToken;
    private readonly CancellationTokenRegistration _callerRegistration;
    private readonly CancellationTokenSource _cancellation;
    private readonly object _lock = new();
    private bool _isInFlight;

    public ServiceCall(IdentityOperation operation, OperationRateLimiter limiter, TimeSpan timeout, TimeProvider clock, CancellationToken callerToken)
    {
        Operation = operation;
        _limiter = limiter;
        _timeout = timeout;
        _clock = clock;
        _start = clock.GetTimestamp();
        _callerToken = callerToken;
        _cancellation = clock.CreateCancellationTokenSource(timeout);
        _callerRegistration = callerToken.Register(OnCancelledByCaller);
    }

    public IdentityOperation Operation { get; }

    /// <summary>One id for all attempts. It is created here, so that it is known even if no response arrives.</summary>
    public string RequestId { get; } = Guid.NewGuid().ToString();

    /// <summary>When the last attempt was sent; null if none was.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Whether the service may have carried out one of the attempts.</summary>
    public bool MayHaveSucceeded { get; set; }

    /// <summary>The content of the answer that a create has succeeded; null if there was none.</summary>
    public BinaryData? CreatedContent { get; set; }

    /// <summary>Whether this is a create that may have succeeded. The service has no idempotency key, so such a call is not retried.</summary>
    public bool IsOutcomeUnknown => Operation == IdentityOperation.Create && MayHaveSucceeded;

    /// <summary>Is cancelled when the call times out and when the caller cancels. A create in flight gets the grace period first.</summary>
    public CancellationToken Token => _cancellation.Token;

    public bool IsCancelledByCaller => _callerToken.IsCancellationRequested;

    private TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    public static ServiceCall Of(HttpMessage message) =>
        message.TryGetProperty(MessageProperty, out object? call)
            ? (ServiceCall)call!
            : throw new InvalidOperationException("The request was not made within a ServiceCall.");

    /// <summary>Sets this call and its request id on all messages that are created until the scope is disposed.</summary>
    public IDisposable OnMessages()
    {
        IDisposable requestId = HttpPipeline.CreateClientRequestIdScope(RequestId);
        IDisposable call = HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [MessageProperty] = this });
        return new Scopes(call, requestId);
    }

    /// <summary>Waits until the rate limit permits an attempt, and marks the call as in flight.</summary>
    /// <exception cref="OperationCanceledException">The call timed out, or would before its turn; or the caller cancelled. Nothing was sent.</exception>
    public async Task BeginAttemptAsync()
    {
        if (_limiter.ThrottleDelay > _timeout - Elapsed)
        {
            throw new OperationCanceledException();
        }

        await _limiter.AcquireAsync(Token).ConfigureAwait(false);
        lock (_lock)
        {
            _callerToken.ThrowIfCancellationRequested();
            _isInFlight = true;
            SentAt = _clock.GetUtcNow();
        }
    }

    /// <summary>Marks the call as no longer in flight. The attempt got a response, or failed without one.</summary>
    public void EndAttempt()
    {
        lock (_lock)
        {
            _isInFlight = false;
        }
    }

    /// <summary>Reports that the service throttled the attempt. All calls of the operation wait.</summary>
    /// <returns>How long they wait.</returns>
    public TimeSpan ReportThrottled(TimeSpan? retryAfter) => _limiter.ReportThrottled(retryAfter);

    /// <summary>Waits before a retry, and marks the call as in flight.</summary>
    /// <returns>False if the call would time out before the retry.</returns>
    public async Task<bool> TryBeginRetryAsync(TimeSpan delay)
    {
        if (Elapsed + delay >= _timeout)
        {
            return false;
        }

        try
        {
            _callerToken.ThrowIfCancellationRequested();
            await _clock.Delay(delay, Token).ConfigureAwait(false);
            await BeginAttemptAsync().ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!IsCancelledByCaller)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _callerRegistration.Dispose();
        _cancellation.Dispose();
    }

    private void OnCancelledByCaller()
    {
        lock (_lock)
        {
            _cancellation.CancelAfter(_isInFlight && Operation == IdentityOperation.Create ? _gracePeriod : TimeSpan.Zero);
        }
    }

    private sealed class Scopes(IDisposable inner, IDisposable outer) : IDisposable
    {
        public void Dispose()
        {
            inner.Dispose();
            outer.Dispose();
        }
    }
}
