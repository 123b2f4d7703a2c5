using System;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>The requests and the results of the adapter.</summary>
public sealed class IdentityServiceTests
{
    private static readonly DateTimeOffset _expiresOn = new(2023, 10, 10, 21, 39, 39, TimeSpan.Zero);
    private static readonly string _escapedId = Uri.EscapeDataString(TestService.Id);

    [Fact]
    public async Task Create_requests_a_token_only_with_scopes()
    {
        using var server = new RecordingServer(TestService.Created);
        IIdentityService service = TestService.For(server);

        CreatedIdentity plain = await service.CreateAsync([], null, TestService.Minute, CancellationToken.None);
        CreatedIdentity withToken = await service.CreateAsync(["chat"], TimeSpan.FromMinutes(90.9), TestService.Minute, CancellationToken.None);

        Assert.Equal((TestService.CreatedId, null), (plain.Id, plain.Token));
        Assert.Equal("t", Secret.ToText(withToken.Token!.Token));
        Assert.EndsWith("\r\n\r\n{}", server.Requests[0], StringComparison.Ordinal);
        Assert.EndsWith("""{"createTokenWithScopes":["chat"],"expiresInMinutes":90}""", server.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_is_issued_with_its_scopes_and_lifetime()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, """{"token":"t","expiresOn":"2023-10-10T21:39:39Z"}"""));

        IssuedToken issued = await TestService.For(server).IssueTokenAsync(
            TestService.Id, ["chat", "voip.join"], TimeSpan.FromHours(2), TestService.Minute, CancellationToken.None);

        Assert.Equal(("t", _expiresOn), (Secret.ToText(issued.Token), issued.ExpiresOn));
        string request = Assert.Single(server.Requests);
        Assert.StartsWith($"POST /identities/{_escapedId}/:issueAccessToken?", request, StringComparison.Ordinal);
        Assert.EndsWith("""{"scopes":["chat","voip.join"],"expiresInMinutes":120}""", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Teams_token_is_exchanged()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, """{"token":"t","expiresOn":"2023-10-10T21:39:39Z"}"""));
        var client = Guid.NewGuid();
        var user = Guid.NewGuid();

        IssuedToken issued = await TestService.For(server).ExchangeTeamsTokenAsync(
            Secret.FromText("entra"), client, user, TestService.Minute, CancellationToken.None);

        Assert.Equal(("t", _expiresOn), (Secret.ToText(issued.Token), issued.ExpiresOn));
        string request = Assert.Single(server.Requests);
        Assert.StartsWith("POST /teamsUser/:exchangeAccessToken?", request, StringComparison.Ordinal);
        Assert.EndsWith($$"""{"token":"entra","appId":"{{client}}","userId":"{{user}}"}""", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_revoked_and_the_identity_is_deleted()
    {
        using var server = new RecordingServer(TestService.NoContent);
        IIdentityService service = TestService.For(server);

        await service.RevokeTokensAsync(TestService.Id, TestService.Minute, CancellationToken.None);
        await service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None);

        Assert.StartsWith($"POST /identities/{_escapedId}/:revokeAccessTokens?", server.Requests[0], StringComparison.Ordinal);
        Assert.StartsWith($"DELETE /identities/{_escapedId}?", server.Requests[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "IdentityNotOwned")]
    [InlineData(400, "ValidationError")]
    [InlineData(204, "")]
    public async Task Credential_is_valid_if_the_service_looks_at_the_id(int status, string code)
    {
        using var server = new RecordingServer(status == 204 ? TestService.NoContent : RecordingServer.Refusal(status, code, "No."));

        await TestService.For(server).ValidateAsync(TestService.Minute, CancellationToken.None);

        Assert.StartsWith(
            "POST /identities/8%3Aacs%3A00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000/:revokeAccessTokens?",
            Assert.Single(server.Requests),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "Denied", FailureKind.Authentication)]
    [InlineData(403, "Forbidden", FailureKind.PermissionDenied)]
    [InlineData(404, "NotFound", FailureKind.Service)]
    public async Task Credential_is_not_valid_after_any_other_rejection(int status, string code, FailureKind kind)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(status, code, "No."));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).ValidateAsync(TestService.Minute, CancellationToken.None));

        Assert.Equal(kind, failure.Kind);
    }

    [Theory]
    [InlineData(IdentityOperation.Create)]
    [InlineData(IdentityOperation.Issue)]
    [InlineData(IdentityOperation.Revoke)]
    [InlineData(IdentityOperation.Delete)]
    [InlineData(IdentityOperation.Exchange)]
    public async Task Each_call_counts_for_the_quota_of_its_operation(IdentityOperation operation)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(429, "TooManyRequests", "Slow down.", "Retry-After: 30"));
        IIdentityService service = TestService.For(server);
        var timeout = TimeSpan.FromSeconds(20);

        await Assert.ThrowsAsync<AcsServiceException>(() => operation switch
        {
            IdentityOperation.Create => service.CreateAsync([], null, timeout, CancellationToken.None),
            IdentityOperation.Issue => service.IssueTokenAsync(TestService.Id, ["chat"], null, timeout, CancellationToken.None),
            IdentityOperation.Revoke => service.RevokeTokensAsync(TestService.Id, timeout, CancellationToken.None),
            IdentityOperation.Delete => service.DeleteAsync(TestService.Id, timeout, CancellationToken.None),
            _ => service.ExchangeTeamsTokenAsync(Secret.FromText("entra"), Guid.NewGuid(), Guid.NewGuid(), timeout, CancellationToken.None),
        });

        foreach (IdentityOperation other in Enum.GetValues<IdentityOperation>())
        {
            Assert.Equal(other == operation, service.QuotaWait(other) > TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task Identity_is_returned_if_its_token_is_missing()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, """{"identity":{"id":"8:acs:r_u"}}"""));

        CreatedIdentity created = await TestService.For(server).CreateAsync(["chat"], null, TestService.Minute, CancellationToken.None);

        Assert.Equal((TestService.CreatedId, null), (created.Id, created.Token));
    }

    [Fact]
    public async Task Created_identity_prints_no_token()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, TestService.CreatedBody.Replace("\"t\"", "\"secret-token\"", StringComparison.Ordinal)));

        CreatedIdentity created = await TestService.For(server).CreateAsync(["chat"], null, TestService.Minute, CancellationToken.None);

        Assert.DoesNotContain("secret-token", created.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sdk_is_name_and_version_of_the_linked_library()
    {
        Assert.Matches(@"^(AcsIdentity\.SdkStandIn|Azure\.Communication\.Identity) \d+\.\d+\.\d+\S*$", new IdentityServiceFactory().Sdk);
    }
}
