using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Service.Quota;
using Xunit;

namespace AcsIdentity.Tests.Service;

public sealed class OperationRateLimiterTests
{
    private static readonly TimeSpan _window = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(40, 8, 200)]
    [InlineData(7, 3, 30)]
    public async Task No_window_has_more_calls_than_the_limit(int limit, int lanes, int calls)
    {
        var limiter = new OperationRateLimiter(_window);
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
        Assert.All(times.Zip(times.Skip(limit)), pair => Assert.True(pair.Second - pair.First >= _window));
    }

    [Fact]
    public async Task Throttled_call_delays_every_call()
    {
        var limiter = new OperationRateLimiter(_window);
        limiter.SetLimit(int.MaxValue);
        var clock = Stopwatch.StartNew();

        TimeSpan pause = limiter.ReportThrottled(TimeSpan.FromSeconds(2));
        TimeSpan shown = limiter.EstimatedWait;
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => limiter.AcquireAsync(CancellationToken.None)));

        Assert.Equal(TimeSpan.FromSeconds(2), pause);
        Assert.InRange(shown, TimeSpan.FromTicks(1), pause);
        Assert.True(clock.Elapsed >= pause - TimeSpan.FromMilliseconds(20));
        Assert.Equal(TimeSpan.Zero, limiter.EstimatedWait);
    }

    [Fact]
    public async Task Without_retry_after_the_delay_is_the_rest_of_the_window()
    {
        var limiter = new OperationRateLimiter(TimeSpan.FromSeconds(30));
        limiter.SetLimit(10);
        await limiter.AcquireAsync(CancellationToken.None);

        Assert.InRange(limiter.ReportThrottled(null), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task Calls_under_the_old_limit_still_count()
    {
        var limiter = new OperationRateLimiter(TimeSpan.FromMinutes(1));
        limiter.SetLimit(3);
        await limiter.AcquireAsync(CancellationToken.None);
        await limiter.AcquireAsync(CancellationToken.None);

        limiter.SetLimit(2);
        using var cancellation = new CancellationTokenSource();
        Task third = limiter.AcquireAsync(cancellation.Token);

        Assert.False(third.IsCompleted);
        Assert.True(limiter.EstimatedWait > TimeSpan.Zero);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
    }

    [Fact]
    public async Task Pending_calls_proceed_when_the_limit_is_raised()
    {
        var limiter = new OperationRateLimiter(TimeSpan.FromMinutes(1));
        limiter.SetLimit(1);
        await limiter.AcquireAsync(CancellationToken.None);
        Task second = limiter.AcquireAsync(CancellationToken.None);
        Task third = limiter.AcquireAsync(CancellationToken.None);

        limiter.SetLimit(2);
        await Task.WhenAny(second, third).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(second.IsCompleted ^ third.IsCompleted);
        limiter.SetLimit(int.MaxValue);
        await Task.WhenAll(second, third).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
