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
