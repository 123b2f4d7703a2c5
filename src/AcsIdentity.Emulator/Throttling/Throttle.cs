using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Throttling;

/// <summary>Enforces the quota of a resource. Safe for concurrent use.</summary>
internal sealed class Throttle
{
    private readonly ThrottleOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Dictionary<ServiceOperation, SlidingWindow> _windows;

    /// <exception cref="ArgumentOutOfRangeException">A quota is out of range, or the window is not positive.</exception>
    public Throttle(ThrottleOptions options, TimeProvider clock)
    {
        if (options.Window <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(options), "The window of a quota must be longer than zero.");
        }

        _options = options;
        _clock = clock;
        _start = clock.GetTimestamp();
        _windows = new()
        {
            [ServiceOperation.Create] = new SlidingWindow(options.Creates),
            [ServiceOperation.Issue] = new SlidingWindow(options.Issues),
            [ServiceOperation.Revoke] = new SlidingWindow(options.Revokes),
            [ServiceOperation.Delete] = new SlidingWindow(options.Deletes),
            [ServiceOperation.Exchange] = new SlidingWindow(options.Exchanges),
        };
    }

    /// <summary>The time since the start, and one window more, so that an empty entry is not inside the window.</summary>
    private TimeSpan Now => _clock.GetElapsedTime(_start) + _options.Window;

    /// <summary>Counts a call. The service documents no quota for reads and assignments, so they are not limited.</summary>
    /// <exception cref="ServiceError">The call exceeds the quota.</exception>
    public void CountCall(ServiceOperation operation)
    {
        if (_windows.TryGetValue(operation, out SlidingWindow? calls) && calls.CountCall(Now, _options.Window) is { } wait)
        {
            throw ServiceError.Throttled(_options.SendsRetryAfter ? wait : null);
        }
    }

    /// <summary>Forgets all calls.</summary>
    public void Reset()
    {
        foreach (SlidingWindow calls in _windows.Values)
        {
            calls.Reset();
        }
    }

    /// <summary>
    /// A sliding-window rate limit. It stores the times of the newest calls, as many as the quota allows, throttled calls
    /// included. A call is throttled if the oldest stored call is still inside the window.
    /// </summary>
    private sealed class SlidingWindow(int quota)
    {
        private readonly TimeSpan[] _newest = new TimeSpan[quota is >= 1 and <= ThrottleOptions.LargestQuota
            ? quota
            : throw new ArgumentOutOfRangeException(nameof(quota), FormattableString.Invariant($"A quota must be from 1 to {ThrottleOptions.LargestQuota:N0}."))];
        private int _oldest;

        /// <returns>Null if the call is within the quota, else the time until the next call will be.</returns>
        public TimeSpan? CountCall(TimeSpan now, TimeSpan window)
        {
            lock (_newest)
            {
                bool isThrottled = now - _newest[_oldest] < window;
                _newest[_oldest] = now;
                _oldest = (_oldest + 1) % _newest.Length;
                return isThrottled ? _newest[_oldest] + window - now : null;
            }
        }

        public void Reset()
        {
            lock (_newest)
            {
                Array.Clear(_newest, 0, _newest.Length);
            }
        }
    }
}
