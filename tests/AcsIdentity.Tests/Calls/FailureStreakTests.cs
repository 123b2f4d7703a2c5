using AcsIdentity.Calls;
using AcsIdentity.Ports;
using Xunit;

namespace AcsIdentity.Tests.Calls;

public sealed class FailureStreakTests
{
    [Theory]
    [InlineData(FailureKind.Connection, true)]
    [InlineData(FailureKind.SignIn, true)]
    [InlineData(FailureKind.Authentication, true)]
    [InlineData(FailureKind.PermissionDenied, true)]
    [InlineData(FailureKind.IdentityNotFound, false)]
    [InlineData(FailureKind.InvalidRequest, false)]
    [InlineData(FailureKind.Throttled, false)]
    [InlineData(FailureKind.Timeout, false)]
    [InlineData(FailureKind.OutcomeUnknown, false)]
    [InlineData(FailureKind.Service, false)]
    public void Only_failures_that_do_not_pass_count(FailureKind kind, bool counts)
    {
        var streak = new FailureStreak(2);

        Assert.False(streak.Add(kind));
        Assert.Equal(counts, streak.Add(kind));
    }

    [Fact]
    public void Success_and_any_other_failure_end_the_streak()
    {
        var streak = new FailureStreak(2);
        streak.Add(FailureKind.Connection);
        streak.Reset();
        Assert.False(streak.Add(FailureKind.Connection));
        Assert.False(streak.Add(FailureKind.Timeout));
        Assert.False(streak.Add(FailureKind.Connection));
        Assert.True(streak.Add(FailureKind.SignIn));
    }

    [Fact]
    public void Zero_is_no_limit() => Assert.False(new FailureStreak(0).Add(FailureKind.Connection));
}
