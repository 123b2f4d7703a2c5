using System;
using System.Threading;
using System.Threading.RateLimiting;
using System.Threading.Tasks;

namespace AcsIdentity.Service.Quota;

/// <summary>Keeps the calls of one operation on one resource under its quota. Safe for concurrent use.</summary>
internal sealed class OperationRateLimiter
{
    private static readonly TimeSpan _segment = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The service counts a request when it arrives, we count it when it leaves. The limiter also returns a permit up to one
    /// segment early. A longer window covers both; it costs 1 % of the quota.
    /// </summary>
    private static readonly TimeSpan _margin = _segment + TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan _minDelay = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly object _lock = new();
    private readonly TimeSpan _window;
    private SlidingWindowRateLimiter? _limiter;
    private int _limit;
    private TimeSpan _windowStart;
    private TimeSpan _throttledUntil;

    internal OperationRateLimiter(TimeSpan window, TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
        _window = window + _margin;
        _windowStart = -_window;
    }

    /// <summary>About how long the pending calls have to wait; zero if no call is pending.</summary>
    public TimeSpan EstimatedWait
    {
        get
        {
            lock (_lock)
            {
                return ThrottleDelay > TimeSpan.Zero ? ThrottleDelay
                    : _limiter?.GetStatistics() is { CurrentQueuedCount: > 0 } ? RestOfWindow
                    : TimeSpan.Zero;
            }
        }
    }

    /// <summary>How long all calls still have to wait because the service throttled one; zero or negative if they need not.</summary>
    public TimeSpan ThrottleDelay => _throttledUntil - Now;

    private TimeSpan Now => _clock.GetElapsedTime(_start);

    /// <summary>Time until the first calls of the current window no longer count; at least 1 s.</summary>
    private TimeSpan RestOfWindow => Max(_windowStart + _window - Now, _minDelay);

    /// <summary>Waits until the quota permits one more call.</summary>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan delay = ThrottleDelay;
            if (delay > TimeSpan.Zero)
            {
                await _clock.Delay(delay, cancellationToken).ConfigureAwait(false);
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (!await TryAcquireAsync(cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            lock (_lock)
            {
                // The service may have throttled another call while this one waited for its permit.
                if (ThrottleDelay <= TimeSpan.Zero)
                {
                    _windowStart = Now - _windowStart >= _window ? Now : _windowStart;
                    return;
                }
            }
        }
    }

    /// <summary>Reports that the service throttled a call. All calls wait.</summary>
    /// <param name="retryAfter">The delay that the service asks for; null for the rest of the window.</param>
    /// <returns>How long they wait.</returns>
    public TimeSpan ReportThrottled(TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            TimeSpan delay = retryAfter is { } asked ? Max(asked, _minDelay) : RestOfWindow;
            _throttledUntil = Max(_throttledUntil, Now + delay);
            return delay;
        }
    }

    /// <summary>Sets the limit; int.MaxValue for none.</summary>
    internal void SetLimit(int limit)
    {
        lock (_lock)
        {
            if (limit == _limit)
            {
                return;
            }

            int used = _limiter?.GetStatistics() is { } statistics ? _limit - (int)statistics.CurrentAvailablePermits : 0;
            _limit = limit;
            ReplaceLimiter();
            // Calls that were sent under the old limit still count.
            _limiter?.AttemptAcquire(Math.Min(used, limit)).Dispose();
        }
    }

    /// <summary>Forgets the calls that were sent, and that the service throttled some. The limit stays.</summary>
    internal void Reset()
    {
        lock (_lock)
        {
            _throttledUntil = TimeSpan.Zero;
            _windowStart = Now - _window;
            ReplaceLimiter();
        }
    }

    private void ReplaceLimiter()
    {
        // The calls that wait for the old limiter get no permit, and ask the new one.
        _limiter?.Dispose();
        _limiter = _limit == int.MaxValue ? null : new SlidingWindowRateLimiter(new SlidingWindowRateLimiterOptions
        {
            PermitLimit = _limit,
            Window = _window,
            SegmentsPerWindow = (int)(_window.Ticks / _segment.Ticks),
            QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <returns>False if the limit was changed while the call waited.</returns>
    private async Task<bool> TryAcquireAsync(CancellationToken cancellationToken)
    {
        ValueTask<RateLimitLease> acquiring;
        lock (_lock)
        {
            if (_limiter is null)
            {
                return true;
            }

            acquiring = _limiter.AcquireAsync(1, cancellationToken);
        }

        using RateLimitLease lease = await acquiring.ConfigureAwait(false);
        return lease.IsAcquired;
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
