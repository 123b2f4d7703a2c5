using System.Linq;
using AcsIdentity.Calls;
using AcsIdentity.Ports;
using Xunit;

namespace AcsIdentity.Tests.Calls;

public sealed class FailureStreakTests
{
    [Theory]
    [InlineData(FailureKind.Connection)]
    [InlineData(FailureKind.SignIn)]
    [InlineData(FailureKind.Authentication)]
    [InlineData(FailureKind.PermissionDenied)]
    public void Failures_that_every_call_has_count_up_to_the_limit(FailureKind kind)
    {
        var streak = new FailureStreak(3);

        Assert.Equal([false, false, true, true], Enumerable.Range(0, 4).Select(_ => streak.Add(kind)));
    }

    [Theory]
    [InlineData(FailureKind.Throttled)]
    [InlineData(FailureKind.OutcomeUnknown)]
    public void Other_failure_ends_the_streak(FailureKind kind)
    {
        var streak = new FailureStreak(2);

        Assert.False(streak.Add(FailureKind.Connection));
        Assert.False(streak.Add(kind));
        Assert.False(streak.Add(FailureKind.Connection));
        Assert.True(streak.Add(FailureKind.Connection));
    }

    [Fact]
    public void Success_ends_the_streak()
    {
        var streak = new FailureStreak(2);
        streak.Add(FailureKind.Connection);

        streak.Reset();

        Assert.False(streak.Add(FailureKind.Connection));
        Assert.True(streak.Add(FailureKind.Connection));
    }

    [Fact]
    public void Limit_of_1_is_reached_by_the_first_failure_and_0_never()
    {
        Assert.True(new FailureStreak(1).Add(FailureKind.Connection));

        var unlimited = new FailureStreak(0);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(unlimited.Add(FailureKind.Connection)));
    }
}
