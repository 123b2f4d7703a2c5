using System;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>What happens to a call when its caller cancels it.</summary>
public sealed class CancellationTests
{
    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task Create_in_flight_can_still_succeed()
    {
        using TcpListener slow = TestService.SilentServer();
        using var cancellation = new CancellationTokenSource();
        Task<CreatedIdentity> creating = TestService.For(slow, clock: _clock).CreateAsync([], null, TestService.Minute, cancellation.Token);
        using TcpClient client = await slow.AcceptTcpClientAsync();
        await client.GetStream().ReadAtLeastAsync(new byte[1], 1);

        await cancellation.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(TestService.Created));

        Assert.Equal(TestService.CreatedId, (await creating).Id);
    }

    [Fact]
    public async Task Create_in_flight_without_a_response_is_an_unknown_outcome()
    {
        using TcpListener silent = TestService.SilentServer();
        using var cancellation = new CancellationTokenSource();
        Task<CreatedIdentity> creating = TestService.For(silent, clock: _clock).CreateAsync([], null, TestService.Minute, cancellation.Token);
        using TcpClient client = await silent.AcceptTcpClientAsync();
        await client.GetStream().ReadAtLeastAsync(new byte[1], 1);

        await cancellation.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => creating);
        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
    }

    [Fact]
    public async Task Throttled_create_is_cancelled_at_once()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Slow down.", "Retry-After: 50"));
        using var cancellation = new CancellationTokenSource();
        IIdentityService service = TestService.For(server, clock: _clock);
        Task creating = service.CreateAsync([], null, TestService.Minute, cancellation.Token);
        await Eventually.HoldsAsync(() => service.QuotaWait(IdentityOperation.Create) > TimeSpan.Zero);

        await cancellation.CancelAsync();
        _clock.Advance(TimeSpan.Zero);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Idempotent_call_in_flight_is_cancelled()
    {
        using TcpListener silent = TestService.SilentServer();
        using var cancellation = new CancellationTokenSource();
        Task deleting = TestService.For(silent, clock: _clock).DeleteAsync(TestService.Id, TestService.Minute, cancellation.Token);
        using TcpClient client = await silent.AcceptTcpClientAsync();

        await cancellation.CancelAsync();
        _clock.Advance(TimeSpan.Zero);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deleting);
    }

    [Fact]
    public async Task Create_whose_last_connection_times_out_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var timeout = new OperationCanceledException("Connecting took too long.", new TimeoutException());
        var transport = new FailingTransport(timeout, timeout, timeout, timeout) { OnLastFailure = cancellation.Cancel };
        IIdentityService service = TestService.For(TestService.ClosedPort(), transport: transport, clock: _clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.CreateAsync([], null, TestService.Minute, cancellation.Token));
    }
}
