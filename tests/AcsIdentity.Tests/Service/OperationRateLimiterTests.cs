using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Service.Quota;
using Xunit;

namespace AcsIdentity.Tests.Service;

public sealed class QuotaPacerTests
{
    private static readonly TimeSpan _window = TimeSpan.FromMilliseconds(300);

    [Theory]
    [InlineData(40, 8, 200)]
    [InlineData(7, 3, 30)]
    public async Task No_window_has_more_calls_than_the_quota(int quota, int lanes, int calls)
    {
        var pacer = new QuotaPacer(_window);
        pacer.Resize(quota);
        var clock = Stopwatch.StartNew();
        var sent = new ConcurrentBag<TimeSpan>();
        int left = calls;

        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await pacer.TakeTurnAsync(CancellationToken.None);
                sent.Add(clock.Elapsed);
            }
        })));

        TimeSpan[] times = [.. sent.Order()];
        Assert.Equal(calls, times.Length);
        Assert.All(times.Zip(times.Skip(quota)), pair => Assert.True(pair.Second - pair.First >= _window));
    }

    [Fact]
    public async Task Refusal_holds_back_every_call()
    {
        var pacer = new QuotaPacer(_window);
        pacer.Resize(int.MaxValue);
        var clock = Stopwatch.StartNew();

        TimeSpan pause = pacer.Refused(TimeSpan.FromSeconds(2));
        TimeSpan shown = pacer.Wait;
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => pacer.TakeTurnAsync(CancellationToken.None)));

        Assert.Equal(TimeSpan.FromSeconds(2), pause);
        Assert.InRange(shown, TimeSpan.FromTicks(1), pause);
        Assert.True(clock.Elapsed >= pause - TimeSpan.FromMilliseconds(20));
        Assert.Equal(TimeSpan.Zero, pacer.Wait);
    }

    [Fact]
    public async Task Refusal_without_a_time_holds_for_the_rest_of_the_window()
    {
        var pacer = new QuotaPacer(TimeSpan.FromSeconds(30));
        pacer.Resize(10);
        await pacer.TakeTurnAsync(CancellationToken.None);

        Assert.InRange(pacer.Refused(null), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task What_was_sent_under_another_number_still_counts()
    {
        var pacer = new QuotaPacer(TimeSpan.FromMinutes(1));
        pacer.Resize(3);
        await pacer.TakeTurnAsync(CancellationToken.None);
        await pacer.TakeTurnAsync(CancellationToken.None);

        pacer.Resize(2);
        using var stop = new CancellationTokenSource();
        Task third = pacer.TakeTurnAsync(stop.Token);

        Assert.False(third.IsCompleted);
        Assert.True(pacer.Wait > TimeSpan.Zero);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
    }

    [Fact]
    public async Task Whoever_waits_goes_on_when_the_quota_is_raised()
    {
        var pacer = new QuotaPacer(TimeSpan.FromMinutes(1));
        pacer.Resize(1);
        await pacer.TakeTurnAsync(CancellationToken.None);
        Task second = pacer.TakeTurnAsync(CancellationToken.None);
        Task third = pacer.TakeTurnAsync(CancellationToken.None);

        pacer.Resize(2);
        await Task.WhenAny(second, third).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(second.IsCompleted ^ third.IsCompleted);
        pacer.Resize(int.MaxValue);
        await Task.WhenAll(second, third).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
