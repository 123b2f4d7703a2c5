using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.RateLimiting;
using System.Threading.Tasks;

namespace AcsIdentity.Service.Quota;

/// <summary>Keeps the calls of one operation on one resource under its quota. Safe for concurrent use.</summary>
internal sealed class QuotaPacer
{
    private static readonly TimeSpan _segment = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The service counts when a request arrives, we when it leaves; and the limiter gives a permit back up to one
    /// segment before its time. This much more covers both, and costs 1 % of the quota.
    /// </summary>
    private static readonly TimeSpan _margin = _segment + TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan _shortestPause = TimeSpan.FromSeconds(1);
    private static readonly Stopwatch _clock = Stopwatch.StartNew();

    private readonly object _lock = new();
    private readonly TimeSpan _window;
    private SlidingWindowRateLimiter? _limiter;
    private int _quota;
    private TimeSpan _windowStart;
    private TimeSpan _pausedUntil;

    internal QuotaPacer(TimeSpan window)
    {
        _window = window + _margin;
        _windowStart = -_window;
    }

    /// <summary>How long whoever waits has to wait, about; zero while nobody does.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                return Pause > TimeSpan.Zero ? Pause
                    : _limiter?.GetStatistics() is { CurrentQueuedCount: > 0 } ? RestOfWindow
                    : TimeSpan.Zero;
            }
        }
    }

    /// <summary>How long the service has asked all calls to wait; negative where it has not, or no longer.</summary>
    public TimeSpan Pause => _pausedUntil - _clock.Elapsed;

    /// <summary>Until the first calls of the current window no longer count. Never less than a second: it is a wait all the same.</summary>
    private TimeSpan RestOfWindow => Longer(_windowStart + _window - _clock.Elapsed, _shortestPause);

    /// <summary>Waits until one more call is within the quota.</summary>
    public async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan pause = Pause;
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (!await TryAcquireAsync(cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            lock (_lock)
            {
                // Whoever was waiting for the limiter when the service refused another call waits on.
                if (Pause <= TimeSpan.Zero)
                {
                    _windowStart = _clock.Elapsed - _windowStart > _window ? _clock.Elapsed : _windowStart;
                    return;
                }
            }
        }
    }

    /// <summary>The service has refused a call for its quota: all calls wait.</summary>
    /// <param name="retryAfter">How long, where the service said; null for the rest of the window.</param>
    /// <returns>How long.</returns>
    public TimeSpan Refused(TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            TimeSpan pause = retryAfter is { } said ? Longer(said, _shortestPause) : RestOfWindow;
            _pausedUntil = Longer(_pausedUntil, _clock.Elapsed + pause);
            return pause;
        }
    }

    /// <summary>Sets the quota; int.MaxValue for none.</summary>
    internal void Resize(int quota)
    {
        lock (_lock)
        {
            if (quota == _quota)
            {
                return;
            }

            int used = _limiter?.GetStatistics() is { } statistics ? _quota - (int)statistics.CurrentAvailablePermits : 0;
            _quota = quota;
            // Whoever waits for the old limiter is sent to the new one.
            _limiter?.Dispose();
            _limiter = quota == int.MaxValue ? null : new SlidingWindowRateLimiter(new SlidingWindowRateLimiterOptions
            {
                PermitLimit = quota,
                Window = _window,
                SegmentsPerWindow = (int)(_window.Ticks / _segment.Ticks),
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            });
            // What was sent under the old number still counts under the new one.
            _limiter?.AttemptAcquire(Math.Min(used, quota)).Dispose();
        }
    }

    /// <returns>False where the quota was set anew meanwhile.</returns>
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

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
