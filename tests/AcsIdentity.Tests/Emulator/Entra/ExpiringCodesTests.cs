using System;
using System.Runtime.CompilerServices;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Entra;

/// <summary>Codes that expire.</summary>
public sealed class ExpiringCodesTests
{
    [Fact]
    public void Code_is_found_until_it_expires_or_is_redeemed()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var codes = new ExpiringCodes<string>(TimeSpan.FromMinutes(1), clock);
        codes.Add("a", "A");
        clock.Advance(TimeSpan.FromSeconds(59));

        codes.Add("b", "B");

        Assert.Equal(("A", null), (codes.Find("a"), codes.Find("B")));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((null, "B"), (codes.Find("a"), codes.Find("b")));
        Assert.Equal((null, "B", null), (codes.Redeem("a"), codes.Redeem("b"), codes.Redeem("b")));
    }

    [Fact]
    public void Expired_codes_are_released()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var codes = new ExpiringCodes<object>(TimeSpan.FromMinutes(1), clock);
        WeakReference old = AddOne();
        clock.Advance(TimeSpan.FromMinutes(1));

        codes.Add("new", new object());

        GC.Collect();
        Assert.False(old.IsAlive);
        GC.KeepAlive(codes);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference AddOne()
        {
            object value = new();
            codes.Add("old", value);
            return new WeakReference(value);
        }
    }

    /// <summary>Every client can ask for a code, also a web page in the user's browser.</summary>
    [Fact]
    public void Only_the_newest_thousand_codes_are_kept()
    {
        var clock = new ManualClock(DateTimeOffset.UnixEpoch);
        var codes = new ExpiringCodes<string>(TimeSpan.FromHours(1), clock);
        for (int i = 0; i <= 1000; i++)
        {
            codes.Add($"{i}", "value");
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((null, "value", "value"), (codes.Find("0"), codes.Find("1"), codes.Find("1000")));
    }
}
