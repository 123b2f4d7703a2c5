using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.Quota;
using AcsIdentity.Service.Retries;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service;

/// <summary>
/// One call through all its tries: how long it may take, when it ends if its caller stops, and whether the service may
/// have done it. <see cref="IdentityRetryPolicy"/> finds it on the message and keeps it up to date.
/// </summary>
internal sealed class ServiceCall : IDisposable
{
    private const string MessageProperty = "AcsIdentity.ServiceCall";

    /// <summary>How long a create that has been sent is waited for after its caller has stopped: its identity would be lost.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(2);

    private readonly QuotaPacer _pacer;
    private readonly TimeSpan _timeout;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenRegistration _stop;
    private readonly CancellationTokenSource _ending;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly object _wireLock = new();
    private bool _isOnWire;

    public ServiceCall(IdentityOperation operation, QuotaPacer pacer, TimeSpan timeout, CancellationToken stopping)
    {
        Operation = operation;
        _pacer = pacer;
        _timeout = timeout;
        _stopping = stopping;
        _ending = new CancellationTokenSource(timeout);
        _stop = stopping.Register(End);
    }

    public IdentityOperation Operation { get; }

    /// <summary>One id for all tries, made here so that it is known even where no answer ever comes.</summary>
    public string RequestId { get; } = Guid.NewGuid().ToString();

    /// <summary>When the last try was sent; null where none was.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>Whether a try was sent that the service may have carried out, or has.</summary>
    public bool MayBeDone { get; set; }

    /// <summary>Cancelled when the time is up, and when the caller stops: at once, but for a create that has been sent.</summary>
    public CancellationToken Token => _ending.Token;

    public bool IsStopped => _stopping.IsCancellationRequested;

    /// <summary>A call that is not repeated where it may have been carried out: the service has no idempotency key.</summary>
    public bool IsUnrepeatable => Operation == IdentityOperation.Create;

    public static ServiceCall Of(HttpMessage message) =>
        message.TryGetProperty(MessageProperty, out object? call)
            ? (ServiceCall)call!
            : throw new InvalidOperationException("The request was not made within a ServiceCall.");

    /// <summary>Puts this call, and its request id, on the messages that are made until the scope is disposed.</summary>
    public IDisposable OnMessages()
    {
        IDisposable requestId = HttpPipeline.CreateClientRequestIdScope(RequestId);
        IDisposable call = HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [MessageProperty] = this });
        return new Scopes(call, requestId);
    }

    /// <summary>Waits until the call is within the quota, and marks it as sent.</summary>
    /// <exception cref="OperationCanceledException">The time is up, or would be before the call's turn, or the caller stops; nothing has been sent.</exception>
    public async Task SendAsync()
    {
        if (_pacer.Pause > _timeout - _watch.Elapsed)
        {
            throw new OperationCanceledException();
        }

        await _pacer.TakeTurnAsync(Token).ConfigureAwait(false);
        lock (_wireLock)
        {
            _stopping.ThrowIfCancellationRequested();
            _isOnWire = true;
            SentAt = DateTimeOffset.UtcNow;
        }
    }

    /// <summary>Marks the try as ended, with an answer or without.</summary>
    public void EndTry()
    {
        lock (_wireLock)
        {
            _isOnWire = false;
        }
    }

    /// <summary>The service has refused the try for its quota: all calls of the operation wait.</summary>
    /// <returns>How long.</returns>
    public TimeSpan Throttled(TimeSpan? retryAfter) => _pacer.Refused(retryAfter);

    /// <summary>Waits before another try, and marks that as sent.</summary>
    /// <returns>False where the time would be up before that.</returns>
    public async Task<bool> TrySendAgainAsync(TimeSpan delay)
    {
        if (_watch.Elapsed + delay >= _timeout)
        {
            return false;
        }

        try
        {
            _stopping.ThrowIfCancellationRequested();
            await Task.Delay(delay, Token).ConfigureAwait(false);
            await SendAsync().ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!IsStopped)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _ending.Dispose();
    }

    private void End()
    {
        lock (_wireLock)
        {
            _ending.CancelAfter(_isOnWire && IsUnrepeatable ? _grace : TimeSpan.Zero);
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
