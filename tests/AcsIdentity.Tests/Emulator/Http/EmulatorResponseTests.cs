using System;
using System.Globalization;
using AcsIdentity.Emulator.Http;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Http;

/// <summary>The times in responses.</summary>
public sealed class EmulatorResponseTests
{
    [Theory]
    [InlineData("2025-03-27T07:20:44.0975900Z", "2025-03-27T07:20:44.09759+00:00")]
    [InlineData("2025-03-27T07:20:44.1234567Z", "2025-03-27T07:20:44.1234567+00:00")]
    [InlineData("2025-03-27T07:20:44Z", "2025-03-27T07:20:44+00:00")]
    [InlineData("2025-03-27T09:20:44.5000000+02:00", "2025-03-27T07:20:44.5+00:00")]
    public void Timestamp_has_no_trailing_zeros(string time, string expected)
    {
        Assert.Equal(expected, EmulatorResponse.Timestamp(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Timestamp_in_seconds_has_no_fraction()
    {
        Assert.Equal("2025-04-14T15:32:27+00:00", EmulatorResponse.TimestampInSeconds(new DateTimeOffset(2025, 4, 14, 15, 32, 27, 900, TimeSpan.Zero)));
    }
}
