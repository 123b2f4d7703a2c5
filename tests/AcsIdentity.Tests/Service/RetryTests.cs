using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.Transport;
using AcsIdentity.Tests.Support;
using Azure;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>Which calls are retried, and which must not be.</summary>
public sealed class RetryTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(408)]
    public async Task Create_is_not_retried_after_a_server_error(int status)
    {
        using var server = new RecordingServer(RecordingServer.Answer(status, ""), TestService.Created);

        DateTimeOffset before = DateTimeOffset.UtcNow;
        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.OutcomeUnknown, status), (failure.Kind, failure.Status));
        Assert.InRange(failure.SentAt!.Value, before, DateTimeOffset.UtcNow);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Create_is_not_retried_after_its_response_was_lost()
    {
        using var server = new RecordingServer(RecordingServer.HangUp, TestService.Created);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.OutcomeUnknown, null), (failure.Kind, failure.Status));
        Assert.Equal(TestService.RequestIdOf(Assert.Single(server.Requests)), failure.RequestId);
    }

    [Fact]
    public async Task Create_is_not_retried_after_an_incomplete_response()
    {
        using var server = new RecordingServer("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{", TestService.Created) { HangsUpAfterAnswer = true };

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Create_is_not_retried_after_its_response_was_lost_on_a_kept_connection()
    {
        using var server = new RecordingServer(TestService.Created, RecordingServer.HangUp, TestService.Created);
        IIdentityService service = TestService.For(server);
        await service.CreateAsync([], null, TestService.Minute, CancellationToken.None);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => service.CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Create_is_retried_after_it_was_throttled()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Slow down.", "Retry-After: 1"), TestService.Created);

        CreatedIdentity created = await TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None);

        Assert.Equal(TestService.CreatedId, created.Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(RecordingServer.HangUp)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")]
    public async Task Idempotent_call_is_retried(string firstResponse)
    {
        using var server = new RecordingServer(firstResponse, TestService.NoContent);

        await TestService.For(server).RevokeTokensAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Call_fails_with_the_last_failure_after_three_retries()
    {
        using var server = new RecordingServer(RecordingServer.HangUp);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(FailureKind.Connection, failure.Kind);
        Assert.DoesNotContain("tries", failure.Reason, StringComparison.Ordinal);
        Assert.IsAssignableFrom<RequestFailedException>(failure.InnerException);
    }

    [Fact]
    public async Task Create_is_retried_after_a_refused_connection()
    {
        var delays = new NoDelay();

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(TestService.ClosedPort(), delays).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.Connection, 3), (failure.Kind, delays.Retries));
        Assert.Contains("refused", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact]
    public async Task Create_is_retried_after_a_connect_timeout()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Other systems refuse a connection if the queue is full.");
        // The only place in the queue is taken, and nothing accepts: further connections are dropped, as by a firewall.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(backlog: 0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)deaf.LocalEndPoint!);
        var delays = new NoDelay();
        IIdentityService service = TestService.For(
            new Uri($"http://{deaf.LocalEndPoint}/"), delays, transport: ServiceTransport.Create(connectTimeout: TimeSpan.FromSeconds(0.2)));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => service.CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.Connection, 3), (failure.Kind, delays.Retries));
        Assert.Equal("The connection was not established in time.", failure.Reason);
    }

    [Fact]
    public async Task Idempotent_call_is_retried_after_its_attempt_timed_out()
    {
        using TcpListener silent = TestService.SilentServer();
        var delays = new NoDelay();

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(silent, delays, TimeSpan.FromMilliseconds(100)).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.Timeout, 3), (failure.Kind, delays.Retries));
    }

    [Fact]
    public async Task Create_is_not_retried_after_its_attempt_timed_out()
    {
        using TcpListener silent = TestService.SilentServer();
        var delays = new NoDelay();

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(silent, delays, TimeSpan.FromMilliseconds(100)).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.OutcomeUnknown, 0), (failure.Kind, delays.Retries));
    }

    [Theory]
    [InlineData(RecordingServer.HangUp)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")]
    public async Task Delete_succeeds_if_its_retry_finds_no_identity(string firstResponse)
    {
        string alreadyDeleted = RecordingServer.Refusal(401, "IdentityNotOwned", "Provided identity doesn't belong to the resource.");
        using var server = new RecordingServer(TestService.NoContent, firstResponse, alreadyDeleted);
        IIdentityService service = TestService.For(server);
        // The response is then lost on a kept connection, where HttpClient itself could resend the request.
        await service.RevokeTokensAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        await service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Delete_fails_if_its_first_attempt_finds_no_identity()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(401, "IdentityNotOwned", "Provided identity doesn't belong to the resource."));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.IdentityNotFound, failure.Kind);
    }
}
