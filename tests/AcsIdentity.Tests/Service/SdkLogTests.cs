using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>The log of the client library.</summary>
public sealed class SdkLogTests
{
    [Fact]
    public async Task Log_has_the_calls_of_its_own_flow_only()
    {
        using var server = new RecordingServer(RecordingServer.Answer(503, ""), TestService.NoContent);
        using var other = new RecordingServer(TestService.NoContent);
        var lines = new ConcurrentQueue<string>();

        await Task.WhenAll(
            Task.Run(async () =>
            {
                IIdentityService service = TestService.For(server);
                service.LogTo(lines.Enqueue, retries: null);
                service.LogTo(reader: null, retries: null);
                await service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);
            }),
            Task.Run(() => TestService.For(other).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None)));

        string requestId = TestService.RequestIdOf(server.Requests[0]);
        Assert.Contains(lines, line => line.Contains($"Request [{requestId}] DELETE", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"Request [{requestId}] was answered 503; retry in 0 s", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"Response [{requestId}] 204", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(TestService.RequestIdOf(other.Requests[0]), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retry_is_told_in_a_sentence_to_its_own_flow_only()
    {
        using var server = new RecordingServer(RecordingServer.Answer(503, ""), TestService.NoContent);
        using var other = new RecordingServer(RecordingServer.Answer(503, ""), TestService.NoContent);
        var notices = new ConcurrentQueue<string>();

        await Task.WhenAll(
            Task.Run(async () =>
            {
                IIdentityService service = TestService.For(server);
                service.LogTo(reader: null, notices.Enqueue);
                await service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);
            }),
            Task.Run(() => TestService.For(other).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None)));

        Assert.Equal(["The request was answered 503. The next try is in 0 s, if the time limit allows it."], notices);
    }
}
