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
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new IdentityEmulator(new EmulatorOptions { Latency = new LatencyOptions(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)) }));
    }

    private static EmulatorRequest Create(IdentityEmulator emulator) =>
        SignedRequest.Create(emulator.AccessKey, "POST", "/identities?api-version=2023-10-01");
}
