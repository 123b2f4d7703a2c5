using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Service.Quota;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>
/// The rate limit of one operation. The tests move the clock of a throttle; the sliding window counts real time, so it is
/// either shorter or much longer than a test.
/// </summary>
public sealed class OperationRateLimiterTests
{
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(10);

    /// <summary>The window with the margin for the way to the service.</summary>
    private static readonly TimeSpan _countedWindow = _window + TimeSpan.FromMilliseconds(300);

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly OperationRateLimiter _limiter;

    public OperationRateLimiterTests() => _limiter = new OperationRateLimiter(_window, _clock);

    [Theory]
    [InlineData(40, 8, 120)]
    [InlineData(7, 3, 20)]
    public async Task No_window_has_more_calls_than_the_limit(int limit, int lanes, int calls)
    {
        var window = TimeSpan.FromMilliseconds(300);
        var limiter = new OperationRateLimiter(window, TimeProvider.System);
        limiter.SetLimit(limit);
        var clock = Stopwatch.StartNew();
        var sent = new ConcurrentBag<TimeSpan>();
        int left = calls;

        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await limiter.AcquireAsync(CancellationToken.None);
                sent.Add(clock.Elapsed);
            }
        })));

        TimeSpan[] times = [.. sent.Order()];
        Assert.Equal(calls, times.Length);
        Assert.All(times.Zip(times.Skip(limit)), pair => Assert.True(pair.Second - pair.First >= window));
    }

    [Fact]
    public async Task Throttled_call_delays_every_call()
    {
        _limiter.SetLimit(int.MaxValue);

        Assert.Equal(TimeSpan.FromSeconds(5), _limiter.ReportThrottled(TimeSpan.FromSeconds(5)));
        Task[] acquiring = [.. Enumerable.Range(0, 3).Select(_ => _limiter.AcquireAsync(CancellationToken.None))];

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(2), _limiter.ThrottleDelay);
        Assert.Equal(TimeSpan.FromSeconds(2), _limiter.EstimatedWait);
        Assert.DoesNotContain(acquiring, task => task.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(acquiring).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, _limiter.EstimatedWait);
    }

    [Fact]
    public async Task Call_whose_throttle_is_extended_waits_on_and_needs_one_permit()
    {
        _limiter.SetLimit(1);
        _limiter.ReportThrottled(TimeSpan.FromSeconds(2));
        Task acquiring = _limiter.AcquireAsync(CancellationToken.None);

        _limiter.ReportThrottled(TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.HoldsAsync(() => _clock.Timers.Contains(TimeSpan.FromSeconds(3)));
        _clock.Advance(TimeSpan.FromSeconds(3));

        await acquiring.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Call_waits_on_if_another_is_throttled_before_its_permit()
    {
        _limiter.SetLimit(1);
        await _limiter.AcquireAsync(CancellationToken.None);
        Task acquiring = _limiter.AcquireAsync(CancellationToken.None);

        _limiter.ReportThrottled(TimeSpan.FromSeconds(5));
        _limiter.SetLimit(int.MaxValue);
        await Eventually.HoldsAsync(() => _clock.Timers.Contains(TimeSpan.FromSeconds(5)));
        Assert.False(acquiring.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(5));

        await acquiring.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Throttle_lasts_at_least_a_second_and_is_never_shortened()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), _limiter.ReportThrottled(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(1), _limiter.ThrottleDelay);

        _limiter.ReportThrottled(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(2), _limiter.ReportThrottled(TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(10), _limiter.ThrottleDelay);
    }

    [Fact]
    public async Task Without_retry_after_the_throttle_is_the_rest_of_the_window()
    {
        _limiter.SetLimit(10);
        await _limiter.AcquireAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await _limiter.AcquireAsync(CancellationToken.None);

        Assert.Equal(_countedWindow - TimeSpan.FromMinutes(2), _limiter.ReportThrottled(null));

        // A new window begins with the first call after the old one.
        _clock.Advance(_countedWindow);
        await _limiter.AcquireAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(_countedWindow - TimeSpan.FromMinutes(1), _limiter.ReportThrottled(null));
    }

    [Fact]
    public void Without_any_call_in_the_window_the_throttle_is_a_second()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), _limiter.ReportThrottled(null));
    }

    [Fact]
    public async Task Wait_is_estimated_only_while_calls_are_pending()
    {
        _limiter.SetLimit(1);
        await _limiter.AcquireAsync(CancellationToken.None);
        Assert.Equal(TimeSpan.Zero, _limiter.EstimatedWait);

        using var cancellation = new CancellationTokenSource();
        Task pending = _limiter.AcquireAsync(cancellation.Token);
        Assert.Equal(_countedWindow, _limiter.EstimatedWait);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Equal(TimeSpan.Zero, _limiter.EstimatedWait);
    }

    [Fact]
    public async Task Calls_under_the_old_limit_still_count()
    {
        _limiter.SetLimit(3);
        await _limiter.AcquireAsync(CancellationToken.None);
        await _limiter.AcquireAsync(CancellationToken.None);

        _limiter.SetLimit(2);
        Task third = _limiter.AcquireAsync(CancellationToken.None);
        Assert.False(third.IsCompleted);

        // Two of four are used, so two more are permitted.
        _limiter.SetLimit(4);
        await third.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(_limiter.AcquireAsync(CancellationToken.None).IsCompleted);
        Assert.False(_limiter.AcquireAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Pending_call_waits_on_when_the_limit_is_lowered()
    {
        _limiter.SetLimit(2);
        await _limiter.AcquireAsync(CancellationToken.None);
        await _limiter.AcquireAsync(CancellationToken.None);
        Task third = _limiter.AcquireAsync(CancellationToken.None);

        _limiter.SetLimit(1);
        await Eventually.HoldsAsync(() => third.IsCompleted || _limiter.EstimatedWait > TimeSpan.Zero);

        Assert.False(third.IsCompleted);
    }

    [Fact]
    public async Task Pending_calls_proceed_when_the_limit_is_raised()
    {
        _limiter.SetLimit(1);
        await _limiter.AcquireAsync(CancellationToken.None);
        Task second = _limiter.AcquireAsync(CancellationToken.None);
        Task third = _limiter.AcquireAsync(CancellationToken.None);

        _limiter.SetLimit(2);
        await Task.WhenAny(second, third).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.True(second.IsCompleted ^ third.IsCompleted);
        _limiter.SetLimit(int.MaxValue);
        await Task.WhenAll(second, third).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Reset_forgets_calls_and_throttling_and_keeps_the_limit()
    {
        _limiter.SetLimit(1);
        await _limiter.AcquireAsync(CancellationToken.None);
        Task pending = _limiter.AcquireAsync(CancellationToken.None);
        _limiter.ReportThrottled(TimeSpan.FromMinutes(5));

        _limiter.Reset();

        await pending.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, _limiter.EstimatedWait);
        Assert.False(_limiter.AcquireAsync(CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void Cancelled_call_is_not_permitted()
    {
        _limiter.SetLimit(int.MaxValue);

        Assert.True(_limiter.AcquireAsync(new CancellationToken(canceled: true)).IsCanceled);
    }
}
