using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.Transport;
using AcsIdentity.Tests.Support;
using Azure;
using Azure.Core.Pipeline;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>Which calls are retried, and which must not be.</summary>
public sealed class RetryTests
{
    private const string NotOwned = "Provided identity doesn't belong to the resource.";
    private const string AnotherRequest = "x-ms-client-request-id: 2dee53b4-368b-45b4-ab52-8493fb117652";

    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);

    /// <summary>Failures after which a request cannot have been carried out.</summary>
    private static readonly Dictionary<string, Exception> _connectFailures = new()
    {
        ["connection refused"] = NoResponse(new SocketException((int)SocketError.ConnectionRefused)),
        ["host not found"] = NoResponse(new SocketException((int)SocketError.HostNotFound)),
        ["host without address"] = NoResponse(new SocketException((int)SocketError.NoData)),
        ["name server unavailable"] = NoResponse(new SocketException((int)SocketError.TryAgain)),
        ["host unreachable"] = NoResponse(new SocketException((int)SocketError.HostUnreachable)),
        ["network unreachable"] = NoResponse(new SocketException((int)SocketError.NetworkUnreachable)),
        ["certificate not trusted"] = NoResponse(new AuthenticationException()),
        ["connect timeout"] = new OperationCanceledException("Connecting took too long.", new TimeoutException()),
    };

    private static readonly Dictionary<string, Exception> _otherFailures = new()
    {
        ["connection reset"] = NoResponse(new SocketException((int)SocketError.ConnectionReset)),
        ["connection timed out"] = NoResponse(new SocketException((int)SocketError.TimedOut)),
        ["refused on an established connection"] = NoResponse(new IOException("It broke.", new SocketException((int)SocketError.ConnectionRefused))),
        ["TLS failure on an established connection"] = NoResponse(new IOException("It broke.", new AuthenticationException())),
        ["incomplete response"] = new IOException("It broke."),
        ["attempt timeout"] = new OperationCanceledException("The attempt timed out."),
    };

    public static TheoryData<string> ConnectFailures() => [.. _connectFailures.Keys];

    public static TheoryData<string> OtherFailures() => [.. _otherFailures.Keys];

    [Theory]
    [MemberData(nameof(ConnectFailures))]
    public async Task Create_is_retried_if_it_was_never_sent(string failure)
    {
        using var server = new RecordingServer(TestService.Created);

        CreatedIdentity created = await TestService.For(server, new FailingTransport(_connectFailures[failure])).CreateAsync([], null, TestService.Minute, CancellationToken.None);

        Assert.Equal(TestService.CreatedId, created.Id);
    }

    [Theory]
    [MemberData(nameof(OtherFailures))]
    public async Task Create_is_not_retried_if_it_may_have_been_sent(string failure)
    {
        using var server = new RecordingServer(TestService.Created);

        AcsServiceException thrown = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server, new FailingTransport(_otherFailures[failure])).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.OutcomeUnknown, thrown.Kind);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [MemberData(nameof(ConnectFailures))]
    [MemberData(nameof(OtherFailures))]
    public async Task Idempotent_call_is_retried_after_a_failure_without_a_response(string failure)
    {
        using var server = new RecordingServer(TestService.NoContent);

        await TestService.For(server, new FailingTransport(_connectFailures.TryGetValue(failure, out Exception? connectFailure) ? connectFailure : _otherFailures[failure])).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Create_has_an_unknown_outcome_if_the_answer_is_to_another_request()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, TestService.CreatedBody, AnotherRequest));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.OutcomeUnknown, "The connection returned the answer to another request."), (failure.Kind, failure.Reason));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Answer_with_the_id_of_the_request_is_taken_however_often_it_has_it(int times)
    {
        var transport = new HttpClientTransport(new Echo(times));

        CreatedIdentity created = await TestService.For(new Uri("http://localhost/"), transport: transport).CreateAsync([], null, TestService.Minute, CancellationToken.None);

        Assert.Equal(TestService.CreatedId, created.Id);
    }

    [Fact]
    public async Task Idempotent_call_is_retried_if_the_answer_is_to_another_request()
    {
        using var server = new RecordingServer(RecordingServer.Answer(204, "", AnotherRequest), TestService.NoContent);

        await TestService.For(server).RevokeTokensAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(400, FailureKind.InvalidRequest)]
    [InlineData(401, FailureKind.Authentication)]
    [InlineData(403, FailureKind.PermissionDenied)]
    [InlineData(404, FailureKind.Service)]
    [InlineData(499, FailureKind.Service)]
    [InlineData(399, FailureKind.OutcomeUnknown)]
    [InlineData(200, FailureKind.OutcomeUnknown)]
    [InlineData(501, FailureKind.OutcomeUnknown)]
    public async Task Create_is_not_retried_after_a_permanent_failure(int status, FailureKind kind)
    {
        using var server = new RecordingServer(RecordingServer.Answer(status, ""));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal((kind, status), (failure.Kind, failure.Status));
        Assert.Single(server.Requests);
    }

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
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Slow down.", "Retry-After: 7"), TestService.Created);

        Task<CreatedIdentity> creating = TestService.For(server, clock: _clock).CreateAsync([], null, TestService.Minute, CancellationToken.None);
        await AdvanceWhenPendingAsync(TimeSpan.FromSeconds(7));

        Assert.Equal(TestService.CreatedId, (await creating).Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Throttled_call_is_retried_until_its_time_limit()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Slow down.", "Retry-After: 10"));

        Task deleting = TestService.For(server, clock: _clock).DeleteAsync(TestService.Id, TimeSpan.FromSeconds(60), CancellationToken.None);
        for (int i = 0; i < 5; i++)
        {
            await AdvanceWhenPendingAsync(TimeSpan.FromSeconds(10));
        }

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => deleting);
        Assert.Equal(FailureKind.Throttled, failure.Kind);
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task Throttled_attempts_do_not_count_as_retries()
    {
        string throttled = RecordingServer.Refusal(429, "TooManyRequests", "Slow down.", "Retry-After: 3");
        string busy = RecordingServer.Answer(503, "");
        using var server = new RecordingServer(busy, throttled, busy, throttled, busy, TestService.NoContent);

        Task deleting = TestService.For(server, clock: _clock).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);
        await AdvanceWhenPendingAsync(TimeSpan.FromSeconds(3));
        await AdvanceWhenPendingAsync(TimeSpan.FromSeconds(3));

        await deleting;
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task Throttled_call_delays_the_other_calls_of_its_operation_only()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Slow down.", "Retry-After: 30"), TestService.NoContent);
        IIdentityService service = TestService.For(server, clock: _clock);
        using var cancellation = new CancellationTokenSource();
        Task deleting = service.DeleteAsync(TestService.Id, TestService.Minute, cancellation.Token);
        await Eventually.HoldsAsync(() => service.QuotaWait(IdentityOperation.Delete) > TimeSpan.Zero);

        await service.RevokeTokensAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        Assert.Equal(TimeSpan.FromSeconds(30), service.QuotaWait(IdentityOperation.Delete));
        Assert.Equal(TimeSpan.Zero, service.QuotaWait(IdentityOperation.Revoke));
        Assert.Equal(2, server.Requests.Count);
        await cancellation.CancelAsync();
        _clock.Advance(TimeSpan.Zero);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deleting);
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
        string alreadyDeleted = RecordingServer.Refusal(401, "IdentityNotOwned", NotOwned);
        using var server = new RecordingServer(TestService.NoContent, firstResponse, alreadyDeleted);
        IIdentityService service = TestService.For(server);
        // The response is then lost on a kept connection, where HttpClient itself could resend the request.
        await service.RevokeTokensAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        await service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Delete_succeeds_if_its_second_retry_finds_no_identity()
    {
        using var server = new RecordingServer(RecordingServer.HangUp, RecordingServer.HangUp, RecordingServer.Refusal(401, "IdentityNotOwned", NotOwned));

        await TestService.For(server).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Delete_fails_if_its_first_attempt_finds_no_identity()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(401, "IdentityNotOwned", NotOwned));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.IdentityNotFound, failure.Kind);
    }

    [Theory]
    [MemberData(nameof(ConnectFailures))]
    public async Task Delete_fails_if_its_first_attempt_was_never_sent_and_the_retry_finds_no_identity(string firstFailure)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(401, "IdentityNotOwned", NotOwned));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server, new FailingTransport(_connectFailures[firstFailure])).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.IdentityNotFound, failure.Kind);
    }

    [Fact]
    public async Task Revoke_fails_if_its_retry_finds_no_identity()
    {
        using var server = new RecordingServer(RecordingServer.HangUp, RecordingServer.Refusal(401, "IdentityNotOwned", NotOwned));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).RevokeTokensAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.IdentityNotFound, failure.Kind);
    }

    [Fact]
    public async Task Delete_fails_if_its_retry_is_rejected_for_another_reason()
    {
        using var server = new RecordingServer(RecordingServer.HangUp, RecordingServer.Refusal(403, "Forbidden", "No."));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.PermissionDenied, failure.Kind);
    }

    /// <summary>As Azure.Core reports a request that got no response.</summary>
    private static RequestFailedException NoResponse(Exception cause) => new("The request failed.", new HttpRequestException("It failed.", cause));

    /// <summary>Moves the clock by the delay of a retry, once it is pending.</summary>
    private async Task AdvanceWhenPendingAsync(TimeSpan delay)
    {
        await Eventually.HoldsAsync(() => _clock.Timers.Contains(delay));
        _clock.Advance(delay);
    }

    /// <summary>Answers with the request's id, once for each server on the way that adds it.</summary>
    private sealed class Echo(int times) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            const string Name = "x-ms-client-request-id";
            var response = new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(TestService.CreatedBody) };
            response.Headers.Add(Name, Enumerable.Repeat(request.Headers.GetValues(Name).Single(), times));
            return Task.FromResult(response);
        }
    }
}
