using System;
using System.Linq;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Faults;

/// <summary>The delay of every response.</summary>
public sealed class LatencyTests
{
    [Fact]
    public void Latency_is_random_between_its_limits()
    {
        using var slow = new IdentityEmulator(
            new EmulatorOptions { Latency = new LatencyOptions(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)) });

        TimeSpan[] delays = Enumerable.Range(0, 100).Select(_ => slow.Handle(Create(slow)).Delay).ToArray();

        Assert.All(delays, delay => Assert.InRange(delay.TotalMilliseconds, 10, 20));
        Assert.NotEqual(delays.Min(), delays.Max());
    }

    [Fact]
    public void Latency_adds_to_the_delay_of_a_fault()
    {
        using var slow = new IdentityEmulator(new EmulatorOptions
        {
            Latency = new LatencyOptions(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            Faults = [new Fault { Kind = FaultKind.Late, Delay = TimeSpan.FromSeconds(2), Next = 1 }],
        });

        Assert.Equal(TimeSpan.FromSeconds(3), slow.Handle(Create(slow)).Delay);
        Assert.Equal(TimeSpan.FromSeconds(1), slow.Handle(Create(slow)).Delay);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void Limits_may_be_equal(int shortest, int longest)
    {
        var latency = new Latency(new LatencyOptions(TimeSpan.FromSeconds(shortest), TimeSpan.FromSeconds(longest)));

        Assert.Equal(TimeSpan.FromSeconds(longest), latency.Next());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(2, 1)]
    public void Limits_out_of_range_are_refused(int shortest, int longest)
    {
        var limits = new LatencyOptions(TimeSpan.FromSeconds(shortest), TimeSpan.FromSeconds(longest));

        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => new IdentityEmulator(new EmulatorOptions { Latency = limits }));
        Assert.StartsWith("The shortest latency must not be negative or longer than the longest latency.", refused.Message, StringComparison.Ordinal);
    }

    private static EmulatorRequest Create(IdentityEmulator emulator) =>
        SignedRequest.Create(emulator.AccessKey, "POST", "/identities?api-version=2023-10-01");
}
