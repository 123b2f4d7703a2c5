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
}
