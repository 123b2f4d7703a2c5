using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Service.Retries;
using AcsIdentity.Service.Transport;
using AcsIdentity.Tests.Support;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>The service adapter: what it asks for, how it names failures, and what it never sends twice.</summary>
public sealed class IdentityServiceTests
{
    private const string Key = "a2V5IG9mIHRoZSBhZGFwdGVyIHRlc3Rz";
    private const string Id = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private const string Created = """{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t","expiresOn":"2023-10-10T21:39:39Z"}}""";

    [Fact]
    public async Task Create_asks_for_a_token_only_with_scopes()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, Created));
        IIdentityService service = Service(server.Endpoint);

        CreatedIdentity plain = await service.CreateAsync([], null, _patience, CancellationToken.None);
        CreatedIdentity withToken = await service.CreateAsync(["chat"], TimeSpan.FromMinutes(90.9), _patience, CancellationToken.None);

        Assert.Equal(("8:acs:r_u", null), (plain.Id, plain.Token));
        Assert.Equal("t", Secret.ToText(withToken.Token!.Token));
        Assert.EndsWith("\r\n\r\n{}", server.Requests[0], StringComparison.Ordinal);
        Assert.EndsWith("""{"createTokenWithScopes":["chat"],"expiresInMinutes":90}""", server.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Issued_token_prints_without_itself()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, Created.Replace("\"t\"", "\"secret-token\"", StringComparison.Ordinal)));

        CreatedIdentity created = await Service(server.Endpoint).CreateAsync(["chat"], null, _patience, CancellationToken.None);

        Assert.DoesNotContain("secret-token", created.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "IdentityNotOwned", FailureKind.IdentityNotFound)]
    [InlineData(401, "Denied", FailureKind.Authentication)]
    [InlineData(401, "InvalidAccessToken", FailureKind.Authentication)]
    [InlineData(403, "Forbidden", FailureKind.PermissionDenied)]
    [InlineData(400, "ValidationError", FailureKind.InvalidRequest)]
    [InlineData(404, "NotFound", FailureKind.Service)]
    [InlineData(429, "TooManyRequests", FailureKind.Throttled)]
    [InlineData(408, "Timeout", FailureKind.Timeout)]
    [InlineData(500, "Oops", FailureKind.Service)]
    [InlineData(503, "Busy", FailureKind.Service)]
    public async Task Refusal_carries_its_facts(int status, string code, FailureKind kind)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(status, code, "In the service's words.", "Content-Type: application/json", "Retry-After: 600"));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => Service(server.Endpoint).RevokeTokensAsync(Id, _patience, CancellationToken.None));

        Assert.Equal((kind, status, code), (failure.Kind, failure.Status, failure.ServiceCode));
        Assert.Equal("In the service's words.", failure.Reason);
        Assert.Equal(TimeSpan.FromMinutes(10), failure.RetryAfter);
        Assert.Equal(RequestId(server.Requests[0]), failure.RequestId);
        Assert.Contains(server.Endpoint.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("X-Other: 7", null)]
    [InlineData("Retry-After: 0", 0)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", null)]
    public async Task Retry_after_is_read(string header, int? seconds)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(400, "ValidationError", "No.", header));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => Service(server.Endpoint).DeleteAsync(Id, _patience, CancellationToken.None));

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(408)]
    public async Task Create_is_not_sent_again_after_a_server_error(int status)
    {
        using var server = new RecordingServer(RecordingServer.Answer(status, ""), RecordingServer.Answer(201, Created));

        DateTimeOffset before = DateTimeOffset.UtcNow;
        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(server.Endpoint).CreateAsync([], null, _patience, CancellationToken.None));

        Assert.Equal((FailureKind.OutcomeUnknown, status), (failure.Kind, failure.Status));
        Assert.InRange(failure.SentAt!.Value, before, DateTimeOffset.UtcNow);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Create_is_not_sent_again_after_its_answer_was_lost()
    {
        using var server = new RecordingServer(RecordingServer.HangUp, RecordingServer.Answer(201, Created));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(server.Endpoint).CreateAsync([], null, _patience, CancellationToken.None));

        Assert.Equal((FailureKind.OutcomeUnknown, null), (failure.Kind, failure.Status));
        Assert.Equal(RequestId(Assert.Single(server.Requests)), failure.RequestId);
    }

    [Fact]
    public async Task Create_is_not_sent_again_after_its_answer_broke_off()
    {
        using var server = new RecordingServer("HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{", RecordingServer.Answer(201, Created)) { HangsUpAfterAnswer = true };

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(server.Endpoint).CreateAsync([], null, _patience, CancellationToken.None));

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Create_is_not_sent_again_after_its_answer_was_lost_on_a_kept_connection()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, Created), RecordingServer.HangUp, RecordingServer.Answer(201, Created));
        IIdentityService service = Service(server.Endpoint);
        await service.CreateAsync([], null, _patience, CancellationToken.None);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => service.CreateAsync([], null, _patience, CancellationToken.None));

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Create_is_sent_again_after_it_was_throttled()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Slow down.", "Retry-After: 1"), RecordingServer.Answer(201, Created));

        CreatedIdentity created = await Service(server.Endpoint).CreateAsync([], null, _patience, CancellationToken.None);

        Assert.Equal("8:acs:r_u", created.Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(RecordingServer.HangUp)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")]
    public async Task Harmless_calls_are_sent_again(string firstAnswer)
    {
        using var server = new RecordingServer(firstAnswer, RecordingServer.Answer(204, ""));

        await Service(server.Endpoint).RevokeTokensAsync(Id, _patience, CancellationToken.None);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Several_failed_tries_are_one_failure()
    {
        using var server = new RecordingServer(RecordingServer.HangUp);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => Service(server.Endpoint).DeleteAsync(Id, _patience, CancellationToken.None));

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(FailureKind.Connection, failure.Kind);
        Assert.DoesNotContain("tries", failure.Reason, StringComparison.Ordinal);
        Assert.IsAssignableFrom<RequestFailedException>(failure.InnerException);
    }

    [Fact]
    public async Task Refused_connection_is_a_connection_failure_after_harmless_tries()
    {
        var delays = new NoDelay();

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(ClosedPort(), delays, TimeSpan.FromSeconds(30)).CreateAsync([], null, _patience, CancellationToken.None));

        Assert.Equal((FailureKind.Connection, 3), (failure.Kind, delays.Retries));
        Assert.Contains("refused", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact]
    public async Task Connection_that_does_not_come_about_is_a_connection_failure_after_harmless_tries()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Other systems refuse what a full queue has no room for.");
        // The one place in the queue is taken, and nobody accepts: what else arrives is dropped, as by a firewall.
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(backlog: 0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)deaf.LocalEndPoint!);
        var delays = new NoDelay();
        IIdentityService service = Service(
            new Uri($"http://{deaf.LocalEndPoint}/"), delays, answerTimeout: TimeSpan.FromSeconds(30), ServiceTransport.Create(connectTimeout: TimeSpan.FromSeconds(0.2)));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => service.CreateAsync([], null, _patience, CancellationToken.None));

        Assert.Equal((FailureKind.Connection, 3), (failure.Kind, delays.Retries));
        Assert.Equal("No connection came about in time.", failure.Reason);
    }

    [Fact]
    public async Task Silence_is_a_timeout_after_harmless_tries()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var delays = new NoDelay();

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(Address(silent), delays, TimeSpan.FromMilliseconds(100)).DeleteAsync(Id, _patience, CancellationToken.None));

        Assert.Equal((FailureKind.Timeout, 3), (failure.Kind, delays.Retries));
    }

    [Fact]
    public async Task Silence_to_a_create_is_an_unknown_outcome()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var delays = new NoDelay();

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(Address(silent), delays, TimeSpan.FromMilliseconds(100)).CreateAsync([], null, _patience, CancellationToken.None));

        Assert.Equal((FailureKind.OutcomeUnknown, 0), (failure.Kind, delays.Retries));
    }

    [Theory]
    [InlineData(true, FailureKind.OutcomeUnknown)]
    [InlineData(false, FailureKind.Timeout)]
    public async Task Time_limit_ends_a_call_that_has_been_sent(bool creates, FailureKind kind)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        IIdentityService service = Service(Address(silent));
        var limit = TimeSpan.FromMilliseconds(100);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => creates ? service.CreateAsync([], null, limit, CancellationToken.None) : service.DeleteAsync(Id, limit, CancellationToken.None));

        Assert.Equal(kind, failure.Kind);
    }

    [Theory]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(503, FailureKind.Service)]
    public async Task Wait_longer_than_the_time_limit_is_not_begun(int status, FailureKind kind)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(status, "Busy", "Later.", "Retry-After: 600"), RecordingServer.Answer(204, ""));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(server.Endpoint).DeleteAsync(Id, _patience, CancellationToken.None));

        Assert.Equal((kind, TimeSpan.FromMinutes(10)), (failure.Kind, failure.RetryAfter));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Calls_after_it_do_not_wait_for_what_they_cannot_get_either()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Later.", "Retry-After: 31536000"), RecordingServer.Answer(204, ""));
        IIdentityService service = Service(server.Endpoint);
        await Assert.ThrowsAsync<AcsServiceException>(() => service.DeleteAsync(Id, _patience, CancellationToken.None));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => service.DeleteAsync(Id, _patience, CancellationToken.None));

        Assert.Equal((FailureKind.Throttled, null), (failure.Kind, failure.SentAt));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(RecordingServer.HangUp)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")]
    public async Task Delete_whose_first_answer_was_lost_has_succeeded(string firstAnswer)
    {
        string deletedAlready = RecordingServer.Refusal(401, "IdentityNotOwned", "Provided identity doesn't belong to the resource.");
        using var server = new RecordingServer(RecordingServer.Answer(204, ""), firstAnswer, deletedAlready);
        IIdentityService service = Service(server.Endpoint);
        // So that the answer is lost on a kept connection, where HttpClient would repeat by itself.
        await service.RevokeTokensAsync(Id, _patience, CancellationToken.None);

        await service.DeleteAsync(Id, _patience, CancellationToken.None);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Delete_of_what_is_not_there_has_not_succeeded()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(401, "IdentityNotOwned", "Provided identity doesn't belong to the resource."));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(server.Endpoint).DeleteAsync(Id, _patience, CancellationToken.None));

        Assert.Equal(FailureKind.IdentityNotFound, failure.Kind);
    }

    [Fact]
    public async Task Create_that_has_been_sent_is_waited_for_after_a_stop()
    {
        using var slow = new TcpListener(IPAddress.Loopback, 0);
        slow.Start();
        using var stop = new CancellationTokenSource();
        Task<CreatedIdentity> creating = Service(Address(slow)).CreateAsync([], null, _patience, stop.Token);
        using TcpClient client = await slow.AcceptTcpClientAsync();
        await client.GetStream().ReadAtLeastAsync(new byte[1], 1);

        await stop.CancelAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(RecordingServer.Answer(201, Created)));

        Assert.Equal("8:acs:r_u", (await creating).Id);
    }

    [Fact]
    public async Task Create_that_is_not_answered_after_a_stop_is_an_unknown_outcome()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var stop = new CancellationTokenSource();
        Task<CreatedIdentity> creating = Service(Address(silent)).CreateAsync([], null, _patience, stop.Token);
        using TcpClient client = await silent.AcceptTcpClientAsync();
        await client.GetStream().ReadAtLeastAsync(new byte[1], 1);

        await stop.CancelAsync();

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => creating);
        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
    }

    [Fact]
    public async Task Create_that_waits_for_the_quota_ends_at_once_with_a_stop()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Slow down.", "Retry-After: 50"));
        using var stop = new CancellationTokenSource();
        IIdentityService service = Service(server.Endpoint);
        Task creating = service.CreateAsync([], null, _patience, stop.Token);
        while (service.QuotaWait(IdentityOperation.Create) == TimeSpan.Zero)
        {
            await Task.Delay(10);
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Call_that_gets_no_turn_in_time_is_throttled()
    {
        using var server = new RecordingServer(RecordingServer.Answer(204, ""));
        IIdentityService service = Service(server.Endpoint);
        service.Quota = new ServiceQuota { Deletes = 1 };
        await service.DeleteAsync(Id, _patience, CancellationToken.None);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => service.DeleteAsync(Id, TimeSpan.FromMilliseconds(50), CancellationToken.None));

        Assert.Equal((FailureKind.Throttled, null), (failure.Kind, failure.SentAt));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Identity_is_not_lost_where_its_token_is()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, """{"identity":{"id":"8:acs:r_u"}}"""));

        CreatedIdentity created = await Service(server.Endpoint).CreateAsync(["chat"], null, _patience, CancellationToken.None);

        Assert.Equal(("8:acs:r_u", null), (created.Id, created.Token));
    }

    [Fact]
    public async Task Cancellation_stays_a_cancellation()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Service(Address(silent)).DeleteAsync(Id, _patience, cancellation.Token));
    }

    [Fact]
    public async Task Broken_answer_to_a_create_is_an_unknown_outcome()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, "<html>"));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(server.Endpoint).CreateAsync([], null, _patience, CancellationToken.None));

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.Equal(RequestId(Assert.Single(server.Requests)), failure.RequestId);
    }

    [Fact]
    public async Task Broken_answer_to_another_call_is_a_service_failure()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, "<html>"));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => Service(server.Endpoint).IssueTokenAsync(Id, ["chat"], null, _patience, CancellationToken.None));

        Assert.Equal(FailureKind.Service, failure.Kind);
    }

    [Fact]
    public void Sdk_names_what_is_linked()
    {
        Assert.Matches(@"^(AcsIdentity\.SdkStandIn|Azure\.Communication\.Identity) \d+\.\d+\.\d+\S*$", new IdentityServiceFactory().Sdk);
    }

    private static IIdentityService Service(Uri endpoint) =>
        Service(endpoint, new NoDelay(), TimeSpan.FromSeconds(30));

    private static IIdentityService Service(Uri endpoint, NoDelay delays, TimeSpan answerTimeout, HttpPipelineTransport? transport = null) => IdentityServiceFactory.Create(
        endpoint,
        new ServiceCredential.AccessKey(Secret.FromText(Key)),
        new EntraSettings(),
        new ServiceQuota(),
        new IdentityRetryPolicy(delays),
        answerTimeout,
        transport ?? ServiceTransport.Shared);

    private static string RequestId(string request) => Regex.Match(request, "x-ms-client-request-id: ([^\r]+)").Groups[1].Value;

    private static Uri ClosedPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return Address(probe);
    }

    private static Uri Address(TcpListener listener) => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    private sealed class NoDelay() : DelayStrategy(TimeSpan.Zero, 0)
    {
        /// <summary>How many tries have followed a first one.</summary>
        public int Retries { get; private set; }

        protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber)
        {
            Retries = retryNumber;
            return TimeSpan.Zero;
        }
    }
}
