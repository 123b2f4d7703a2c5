using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Tests.Support;
using Azure;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>The failures that the adapter reports.</summary>
public sealed class ServiceFailureTests
{
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
    public async Task Rejection_has_its_facts(int status, string code, FailureKind kind)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(status, code, "The message of the service.", "Content-Type: application/json", "Retry-After: 600"));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).RevokeTokensAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal((kind, status, code), (failure.Kind, failure.Status, failure.ServiceCode));
        Assert.Equal("The message of the service.", failure.Reason);
        Assert.Equal(TimeSpan.FromMinutes(10), failure.RetryAfter);
        Assert.Equal(TestService.RequestIdOf(server.Requests[0]), failure.RequestId);
        Assert.Contains(server.Endpoint.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TestService.Key, failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("retry-after-ms: 7000", 7)]
    [InlineData("x-ms-retry-after-ms: 7000", 7)]
    [InlineData("X-Other: 7", null)]
    [InlineData("Retry-After: 0", 0)]
    [InlineData("retry-after-ms: 0", 0)]
    [InlineData("x-ms-retry-after-ms: 0", 0)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT", null)]
    public async Task Retry_after_is_read(string header, int? seconds)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(400, "ValidationError", "No.", header));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Failure_without_a_response_has_the_message_of_its_cause()
    {
        var failure = new RequestFailedException("The request failed.", new HttpRequestException("It failed.", new IOException("The connection broke.\nMore.")));
        using var server = new RecordingServer(TestService.Created);

        AcsServiceException thrown = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server, new FailingTransport(failure)).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal(("The connection broke.", null), (thrown.Reason, thrown.Status));
    }

    [Fact]
    public async Task Invalid_response_to_a_create_is_an_unknown_outcome()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, "<html>"));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.Equal(TestService.RequestIdOf(Assert.Single(server.Requests)), failure.RequestId);
    }

    [Fact]
    public async Task Invalid_response_to_another_call_is_a_service_failure()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, "<html>"));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).IssueTokenAsync(TestService.Id, ["chat"], null, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.Service, failure.Kind);
    }
}
