using System;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Models;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Service.Retries;
using AcsIdentity.Tests.Support;
using Azure.Core.Pipeline;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>Teams Phone access: the requests, byte for byte, and what the answers mean.</summary>
public sealed class TeamsExtensionTests
{
    private const string Line = "/access/teamsExtension/tenants/87d349ed-44d7-43e1-9a83-5f2406dee5bd/assignments/e5b7f628-ea94-4fdc-b3d9-1af1fe231111?api-version=2025-06-30";
    private const string UserBody = """{"principalType":"user","clientIds":["1bfa671a-dc6b-47f3-8940-45c0f1af0fa6"]}""";
    private const string UserAnswer =
        """{"objectId":"e5b7f628-ea94-4fdc-b3d9-1af1fe231111","tenantId":"87d349ed-44d7-43e1-9a83-5f2406dee5bd","principalType":"user","clientIds":["1bfa671a-dc6b-47f3-8940-45c0f1af0fa6"]}""";

    private const string ResourceAccountAnswer =
        """{"objectId":"e5b7f628-ea94-4fdc-b3d9-1af1fe231111","tenantId":"87d349ed-44d7-43e1-9a83-5f2406dee5bd","principalType":"teamsResourceAccount"}""";

    private const string UserId = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_87d349ed-44d7-43e1-9a83-5f2406dee5bd_e5b7f628-ea94-4fdc-b3d9-1af1fe231111";

    private static readonly Guid _tenant = new("87d349ed-44d7-43e1-9a83-5f2406dee5bd");
    private static readonly Guid _object = new("e5b7f628-ea94-4fdc-b3d9-1af1fe231111");
    private static readonly TeamsExtensionAssignment _user = new(_tenant, _object, "User", [new("1bfa671a-dc6b-47f3-8940-45c0f1af0fa6")]);
    private static readonly TeamsExtensionAssignment _resourceAccount = new(_tenant, _object, "ResourceAccount");

    [Fact]
    public async Task Set_sends_the_request_of_the_tutorial_for_a_user()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, UserAnswer));

        TeamsExtensionAssignment set = await TestService.For(server).SetAssignmentAsync(_user, TestService.Minute, CancellationToken.None);

        Assert.Equal((_tenant, _object, "User"), (set.TenantId, set.ObjectId, set.PrincipalType));
        Assert.Equal(_user.ClientId, set.ClientId);
        AssertSignedRequest(Assert.Single(server.Requests), "PUT", UserBody, server.Endpoint);
    }

    [Fact]
    public async Task Set_sends_the_specified_name_of_a_resource_account()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, ResourceAccountAnswer));

        TeamsExtensionAssignment set = await TestService.For(server).SetAssignmentAsync(_resourceAccount, TestService.Minute, CancellationToken.None);

        Assert.Equal("ResourceAccount", set.PrincipalType);
        Assert.Empty(set.ClientId);
        AssertSignedRequest(Assert.Single(server.Requests), "PUT", """{"principalType":"resourceAccount"}""", server.Endpoint);
    }

    [Theory]
    [InlineData("The value of principalType is not valid.")]
    [InlineData("resourceAccount is unknown.")]
    public async Task Set_sends_the_name_of_the_tutorial_if_the_specified_one_is_refused(string reason)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(400, "BadRequest", reason), RecordingServer.Answer(201, ResourceAccountAnswer));

        TeamsExtensionAssignment set = await TestService.For(server).SetAssignmentAsync(_resourceAccount, TestService.Minute, CancellationToken.None);

        Assert.Equal("ResourceAccount", set.PrincipalType);
        Assert.Equal(2, server.Requests.Count);
        AssertSignedRequest(server.Requests[1], "PUT", """{"principalType":"teamsResourceAccount"}""", server.Endpoint);
        Assert.Equal(TestService.RequestIdOf(server.Requests[0]), TestService.RequestIdOf(server.Requests[1]));
    }

    [Theory]
    [InlineData("ResourceAccount", 400, "The tenant is unknown.", 1)]
    [InlineData("ResourceAccount", 403, "This principalType is not allowed.", 1)]
    [InlineData("User", 400, "The value of principalType is not valid.", 1)]
    [InlineData("ResourceAccount", 400, "The value of principalType is not valid.", 2)]
    public async Task Other_refusals_are_errors(string principalType, int status, string reason, int requests)
    {
        using var server = new RecordingServer(RecordingServer.Refusal(status, "Code", reason));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => TestService.For(server).SetAssignmentAsync(
            new TeamsExtensionAssignment(_tenant, _object, principalType), TestService.Minute, CancellationToken.None));

        Assert.Equal((status == 400 ? FailureKind.InvalidRequest : FailureKind.PermissionDenied, reason), (failure.Kind, failure.Reason));
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact]
    public async Task Set_takes_an_answer_without_a_body_as_the_tutorial_shows_it()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, ""));

        TeamsExtensionAssignment set = await TestService.For(server).SetAssignmentAsync(_user, TestService.Minute, CancellationToken.None);

        Assert.Equal("User", set.PrincipalType);
        Assert.Equal(_user.ClientId, set.ClientId);
    }

    [Fact]
    public async Task Get_reads_a_type_that_is_unknown_here_as_it_came()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, ResourceAccountAnswer.Replace("teamsResourceAccount", "bot", StringComparison.Ordinal)));

        TeamsExtensionAssignment read = await TestService.For(server).GetAssignmentAsync(_tenant, _object, TestService.Minute, CancellationToken.None);

        Assert.Equal("bot", read.PrincipalType);
        AssertSignedRequest(Assert.Single(server.Requests), "GET", "", server.Endpoint);
    }

    [Fact]
    public async Task Remove_sends_a_delete()
    {
        using var server = new RecordingServer(TestService.NoContent);

        await TestService.For(server).RemoveAssignmentAsync(_tenant, _object, TestService.Minute, CancellationToken.None);

        AssertSignedRequest(Assert.Single(server.Requests), "DELETE", "", server.Endpoint);
    }

    [Fact]
    public async Task Missing_assignment_has_its_own_failure()
    {
        using var server = new RecordingServer(RecordingServer.Refusal(404, "NotFound", "None."));
        IIdentityService service = TestService.For(server);

        AcsServiceException read = await Assert.ThrowsAsync<AcsServiceException>(() => service.GetAssignmentAsync(_tenant, _object, TestService.Minute, CancellationToken.None));
        AcsServiceException removed = await Assert.ThrowsAsync<AcsServiceException>(() => service.RemoveAssignmentAsync(_tenant, _object, TestService.Minute, CancellationToken.None));
        AcsServiceException set = await Assert.ThrowsAsync<AcsServiceException>(() => service.SetAssignmentAsync(_user, TestService.Minute, CancellationToken.None));

        Assert.Equal(
            (FailureKind.AssignmentNotFound, FailureKind.AssignmentNotFound, FailureKind.Service),
            (read.Kind, removed.Kind, set.Kind));
    }

    [Fact]
    public async Task Remove_has_succeeded_if_its_answer_was_lost_and_the_retry_finds_nothing()
    {
        using var server = new RecordingServer(RecordingServer.HangUp, RecordingServer.Refusal(404, "NotFound", "None."));

        await TestService.For(server).RemoveAssignmentAsync(_tenant, _object, TestService.Minute, CancellationToken.None);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Set_and_get_are_retried_and_not_limited()
    {
        using var server = new RecordingServer(
            RecordingServer.HangUp, RecordingServer.Answer(503, ""), RecordingServer.Answer(200, UserAnswer),
            RecordingServer.Answer(500, ""), RecordingServer.Refusal(404, "NotFound", "None."));
        IIdentityService service = TestService.For(server);

        await service.SetAssignmentAsync(_user, TestService.Minute, CancellationToken.None);
        AcsServiceException read = await Assert.ThrowsAsync<AcsServiceException>(() => service.GetAssignmentAsync(_tenant, _object, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.AssignmentNotFound, read.Kind);
        Assert.Equal(5, server.Requests.Count);
        Assert.Equal(int.MaxValue, service.Quota.For(IdentityOperation.SetAssignment));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("html")]
    [InlineData("""{"objectId":"1","tenantId":"87d349ed-44d7-43e1-9a83-5f2406dee5bd","principalType":"user"}""")]
    [InlineData("""{"objectId":"e5b7f628-ea94-4fdc-b3d9-1af1fe231111","tenantId":"87d349ed-44d7-43e1-9a83-5f2406dee5bd","principalType":1}""")]
    public async Task Malformed_answer_is_a_failure_of_the_service(string body)
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, body));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).GetAssignmentAsync(_tenant, _object, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.Service, "The answer is not valid.", 200), (failure.Kind, failure.Reason, failure.Status));
    }

    [Fact]
    public async Task Entra_token_authenticates_assignments()
    {
        var wire = new Wire(HttpStatusCode.Created, UserAnswer);

        await wire.Service().SetAssignmentAsync(_user, TestService.Minute, CancellationToken.None);

        Assert.Equal($"PUT https://resource.example{Line}\nBearer entra\n{UserBody}", wire.Request);
    }

    [Fact]
    public async Task Users_token_is_exchanged()
    {
        var wire = new Wire(HttpStatusCode.OK, $$$"""{"identity":{"id":"{{{UserId}}}"},"accessToken":{"token":"t","expiresOn":"2023-10-10T21:39:39Z"}}""");

        ExchangedToken exchanged = await wire.Service().ExchangeTeamsExtensionTokenAsync(Secret.FromText("user"), TestService.Minute, CancellationToken.None);

        Assert.Equal((UserId, "t"), (exchanged.Id, Secret.ToText(exchanged.Token.Token)));
        Assert.Equal(new DateTimeOffset(2023, 10, 10, 21, 39, 39, TimeSpan.Zero), exchanged.Token.ExpiresOn);
        Assert.Equal("POST https://resource.example/access/teamsExtension/:exchangeAccessToken?api-version=2025-06-30\nBearer user\n{}", wire.Request);
    }

    [Theory]
    [InlineData("""{"identity":{"id":"no id"},"accessToken":{"token":"t","expiresOn":"2023-10-10T21:39:39Z"}}""")]
    [InlineData("""{"identity":{"id":"8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081"},"accessToken":{"token":"","expiresOn":"2023-10-10T21:39:39Z"}}""")]
    [InlineData("""{"identity":{"id":"8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081"}}""")]
    public async Task Exchange_without_a_valid_id_and_token_is_a_failure(string body)
    {
        var wire = new Wire(HttpStatusCode.OK, body);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => wire.Service().ExchangeTeamsExtensionTokenAsync(Secret.FromText("user"), TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.Service, failure.Kind);
    }

    [Fact]
    public async Task Users_token_is_not_sent_over_http()
    {
        using var server = new RecordingServer(TestService.NoContent);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).ExchangeTeamsExtensionTokenAsync(Secret.FromText("user"), TestService.Minute, CancellationToken.None));

        Assert.Contains("https only", failure.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    /// <summary>Compares every byte of a request, except the values that differ from call to call. The signature is computed anew.</summary>
    private static void AssertSignedRequest(string request, string method, string body, Uri endpoint)
    {
        string Header(string name) => Regex.Match(request, $"\r\n{name}: ([^\r]+)").Groups[1].Value;

        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        string date = Header("x-ms-date");
        string signature = SignedRequest.Signature(TestService.Key, $"{method}\n{Line}\n{date};{endpoint.Authority};{hash}");
        string contentType = body.Length > 0 ? "Content-Type: application/json\r\n" : "";
        string expected =
            $"{method} {Line} HTTP/1.1\r\nHost: {endpoint.Authority}\r\nAccept: application/json\r\n" +
            $"x-ms-client-request-id: {Header("x-ms-client-request-id")}\r\nx-ms-return-client-request-id: true\r\n" +
            $"User-Agent: {Header("User-Agent")}\r\nx-ms-content-sha256: {hash}\r\nx-ms-date: {date}\r\n" +
            $"Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}\r\n" +
            $"{contentType}Content-Length: {body.Length}\r\n\r\n{body}";

        Assert.Equal(expected, request);
        Assert.StartsWith("azsdk-net-AcsIdentity.Service/", Header("User-Agent"), StringComparison.Ordinal);
        Assert.InRange(DateTimeOffset.ParseExact(date, "r", CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    /// <summary>A transport that records the request and answers it, so that https needs no certificate.</summary>
    private sealed class Wire(HttpStatusCode status, string answer) : HttpMessageHandler
    {
        public string? Request { get; private set; }

        public IIdentityService Service() => IdentityServiceFactory.Create(
            new Uri("https://resource.example/"),
            new ServiceCredential.AccessToken(Secret.FromText("entra"), DateTimeOffset.UtcNow.AddHours(1)),
            new EntraSettings(),
            quota: null,
            new IdentityRetryPolicy(new NoDelay()),
            TestService.Minute,
            new HttpClientTransport(this),
            TimeProvider.System);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = $"{request.Method} {request.RequestUri}\n{request.Headers.Authorization}\n{await request.Content!.ReadAsStringAsync(cancellationToken)}";
            return new HttpResponseMessage(status) { Content = new StringContent(answer) };
        }
    }
}
