using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>The time limit of a call, which includes its retries and its wait for the quota.</summary>
public sealed class TimeLimitTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);

    [Theory]
    [InlineData(true, FailureKind.OutcomeUnknown)]
    [InlineData(false, FailureKind.Timeout)]
    public async Task Call_in_flight_times_out(bool creates, FailureKind kind)
    {
        using TcpListener silent = TestService.SilentServer();
        IIdentityService service = TestService.For(silent, clock: _clock);

        Task calling = creates
            ? service.CreateAsync([], null, TestService.Minute, CancellationToken.None)
            : service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);
        using TcpClient client = await silent.AcceptTcpClientAsync();
        _clock.Advance(TestService.Minute);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => calling);
        Assert.Equal(kind, failure.Kind);
    }

    [Theory]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(503, FailureKind.Service)]
    public async Task Call_fails_at_once_if_the_retry_would_be_too_late(int status, FailureKind kind)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(status, "Busy", "Later.", "Retry-After: 600"), TestService.NoContent);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal((kind, TimeSpan.FromMinutes(10)), (failure.Kind, failure.RetryAfter));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Next_call_fails_at_once_if_it_is_throttled_beyond_its_time_limit()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Later.", "Retry-After: 31536000"), TestService.NoContent);
        IIdentityService service = TestService.For(server);
        await Assert.ThrowsAsync<AcsServiceException>(() => service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.Throttled, null, null), (failure.Kind, failure.SentAt, failure.RequestId));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Call_that_times_out_before_the_quota_permits_it_is_throttled()
    {
        using var server = new RecordingServer(TestService.NoContent);
        IIdentityService service = TestService.For(server, clock: _clock);
        service.Quota = new ServiceQuota { Deletes = 1 };
        await service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        Task deleting = service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);
        Assert.True(service.QuotaWait(IdentityOperation.Delete) > TimeSpan.Zero);
        _clock.Advance(TestService.Minute);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => deleting);
        Assert.Equal((FailureKind.Throttled, null), (failure.Kind, failure.SentAt));
        Assert.Equal("The call timed out before it was sent.", failure.Reason);
        Assert.Single(server.Requests);
    }
}
