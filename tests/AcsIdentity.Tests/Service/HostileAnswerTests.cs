using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Tests.Support;
using Azure.Core;
using Azure.Core.Pipeline;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>Answers that no service should send: endless, with an id that is none, or broken behind the id.</summary>
[Collection(ProcessEnvironment.Name)]
public sealed class HostileAnswerTests
{
    /// <summary>What a server can send before it notices that nobody reads: 1 MiB is read, and the same again to keep the connection; the rest is in the sockets' buffers.</summary>
    private const long MostSent = 16 * 1024 * 1024;

    private const string LongId = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_72f988bf-86f1-41af-91ab-2d7cd011db47_00000005-14a2-493b-8a72-5a3a0d000081";

    private static readonly Dictionary<string, Func<IIdentityService, Task>> _operations = new()
    {
        ["create"] = service => service.CreateAsync(["chat"], null, TestService.Minute, CancellationToken.None),
        ["issue"] = service => service.IssueTokenAsync(TestService.Id, ["chat"], null, TestService.Minute, CancellationToken.None),
        ["exchange"] = service => service.ExchangeTeamsTokenAsync(Secret.FromText("entra"), Guid.NewGuid(), Guid.NewGuid(), TestService.Minute, CancellationToken.None),
        ["revoke"] = service => service.RevokeTokensAsync(TestService.Id, TestService.Minute, CancellationToken.None),
        ["delete"] = service => service.DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None),
    };

    public static TheoryData<string, int, bool, FailureKind> EndlessAnswers()
    {
        var data = new TheoryData<string, int, bool, FailureKind>();
        foreach (bool isChunked in new[] { true, false })
        {
            data.Add("create", 201, isChunked, FailureKind.OutcomeUnknown);
            data.Add("create", 400, isChunked, FailureKind.InvalidRequest);
            data.Add("create", 500, isChunked, FailureKind.OutcomeUnknown);
            data.Add("issue", 200, isChunked, FailureKind.Service);
            data.Add("issue", 401, isChunked, FailureKind.Authentication);
            data.Add("exchange", 200, isChunked, FailureKind.Service);
            data.Add("revoke", 200, isChunked, FailureKind.Service);
            data.Add("delete", 404, isChunked, FailureKind.Service);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EndlessAnswers))]
    public async Task Endless_answer_is_not_read(string operation, int status, bool isChunked, FailureKind kind)
    {
        using var server = new EndlessServer(status, isChunked, """{"identity":{"id":"8:acs:r_u"},""");

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => _operations[operation](TestService.For(server.Endpoint)));

        Assert.Equal((kind, status), (failure.Kind, failure.Status));
        Assert.Equal($"The answer is too large: it has {(isChunked ? "more" : "3,000,000,000 bytes")}, and at most 1 MiB is read.", failure.Reason);
        await AssertClosedAsync(server);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Answer_of_1_MiB_is_read()
    {
        using var server = new RecordingServer(
            RecordingServer.Answer(201, TestService.CreatedBody.PadRight(1024 * 1024)), RecordingServer.Answer(201, TestService.CreatedBody.PadRight((1024 * 1024) + 1)));

        CreatedIdentity created = await TestService.For(server).CreateAsync(["chat"], null, TestService.Minute, CancellationToken.None);
        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).CreateAsync(["chat"], null, TestService.Minute, CancellationToken.None));

        Assert.NotNull(created.Token);
        Assert.Contains("1,048,577 bytes", failure.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 200)]
    [InlineData(true, 400)]
    public async Task Endless_answer_of_a_managed_identity_endpoint_is_not_read(bool isChunked, int status)
    {
        using var server = new EndlessServer(status, isChunked, """{"access_token":"t",""");

        await WithVariablesAsync(
            () => AssertNoTokenAsync(new ServiceCredential.ManagedIdentity(null)),
            ("IDENTITY_ENDPOINT", new Uri(server.Endpoint, "msi/token").ToString()), ("IDENTITY_HEADER", "header"));

        await AssertClosedAsync(server);
    }

    [Theory]
    [InlineData("/token", nameof(ServiceCredential.ClientSecret))]
    [InlineData("/devicecode", nameof(ServiceCredential.DeviceCode))]
    [InlineData("/token", nameof(ServiceCredential.DefaultAzure))]
    public async Task Endless_answer_of_an_authority_is_not_read(string path, string kind)
    {
        using var authority = new EndlessAuthority(path);
        using var transport = new HttpClientTransport(authority);
        string client = Guid.NewGuid().ToString();
        ServiceCredential credential = kind switch
        {
            nameof(ServiceCredential.ClientSecret) => new ServiceCredential.ClientSecret("contoso.com", client, Secret.FromText("secret")),
            nameof(ServiceCredential.DeviceCode) => new ServiceCredential.DeviceCode("contoso.com", null, _ => { }),
            _ => new ServiceCredential.DefaultAzure(),
        };

        await WithVariablesAsync(
            // MSAL caches what it learns about an authority for the life of the process.
            () => AssertNoTokenAsync(credential, new Uri($"https://login.{Guid.NewGuid()}.example/"), transport),
            ("AZURE_TENANT_ID", "contoso.com"), ("AZURE_CLIENT_ID", client), ("AZURE_CLIENT_SECRET", "secret"));

        Assert.Equal((1024 * 1024) + 1, authority.Read);
    }

    [Theory]
    [InlineData("An id with a space", "8:acs:r_u x")]
    [InlineData("A formula", "=cmd|'/C calc'!A0")]
    [InlineData("A line break", "8:acs:r_u\\u000a8:acs:r_v")]
    [InlineData("A control character", "8:acs:r_\\u001b[2J")]
    [InlineData("A mark of direction", "8:acs:r_\\u202eu")]
    [InlineData("Another kind of user", "4:+46700000000")]
    [InlineData("No user", "8:acs:")]
    [InlineData("No text", "")]
    public async Task Id_that_is_none_is_an_unknown_outcome(string name, string id)
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, TestService.CreatedBody.Replace(TestService.CreatedId, id, StringComparison.Ordinal)));

        foreach (string[] scopes in new string[][] { [], ["chat"] })
        {
            AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
                () => TestService.For(server).CreateAsync(scopes, null, TestService.Minute, CancellationToken.None));

            Assert.Equal((FailureKind.OutcomeUnknown, 201), (failure.Kind, failure.Status));
            Assert.NotEmpty(name);
            Assert.Contains($"'{id}'", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Long_id_is_an_unknown_outcome_and_is_shown_shortened()
    {
        string longest = "8:acs:" + new string('x', 250);
        using var server = new RecordingServer(Created(longest), Created(longest + "x"));

        CreatedIdentity created = await TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None);
        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal(longest, created.Id);
        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
        Assert.EndsWith("xxx... (257 characters)'.", failure.Reason, StringComparison.Ordinal);
        Assert.InRange(failure.Reason.Length, 60, 140);
    }

    [Theory]
    [InlineData(LongId)]
    [InlineData("8:gcch-acs:r_u")]
    [InlineData("8:dod-acs:r_u")]
    public async Task Every_known_form_of_an_id_is_one(string id)
    {
        using var server = new RecordingServer(Created(id));

        CreatedIdentity created = await TestService.For(server).CreateAsync([], null, TestService.Minute, CancellationToken.None);

        Assert.Equal(id, created.Id);
    }

    /// <summary>The client library throws for most of these, and cannot tell the id.</summary>
    [Theory]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t","expiresOn":"2023-99-10T21:39:39Z"}}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t","expiresOn":"99999-10-10T21:39:39Z"}}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t","expiresOn":"tomorrow"}}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t","expiresOn":5}}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t","expiresOn":null}}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t"}}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"expiresOn":"2023-10-10T21:39:39Z"}}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"","expiresOn":"2023-10-10T21:39:39Z"}}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":7,"expiresOn":"2023-10-10T21:39:39Z"}}""")]
    [InlineData("""{"accessToken":{"token":7,"expiresOn":{"a":[1]}},"identity":{"other":{"id":"x"},"id":"8:acs:r_u"}}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t","expi""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"}""")]
    [InlineData("""{"identity":{"id":"8:acs:r_u"},,}""")]
    public async Task Identity_is_returned_if_its_answer_is_broken_elsewhere(string body)
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, body));

        CreatedIdentity created = await TestService.For(server).CreateAsync(["chat"], null, TestService.Minute, CancellationToken.None);

        Assert.Equal((TestService.CreatedId, null), (created.Id, created.Token));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("""{"identity":{"id":"8:acs:r_""")]
    [InlineData("""{"identity":{"id":7}}""")]
    [InlineData("""{"identity":{}}""")]
    [InlineData("""{"identity":"8:acs:r_u"}""")]
    [InlineData("""{"id":"8:acs:r_u"}""")]
    [InlineData("""{"accessToken":{"identity":{"id":"8:acs:r_u"}}}""")]
    [InlineData("""[{"identity":{"id":"8:acs:r_u"}}]""")]
    [InlineData("""{"identity":{"id":"8:acs:r_\ud800"}}""")]
    [InlineData("")]
    public async Task Answer_without_a_readable_id_is_an_unknown_outcome(string body)
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, body));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).CreateAsync(["chat"], null, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
    }

    [Theory]
    [InlineData("""{"expiresOn":"2023-10-10T21:39:39Z"}""")]
    [InlineData("""{"token":"","expiresOn":"2023-10-10T21:39:39Z"}""")]
    [InlineData("""{"token":"t"}""")]
    [InlineData("""{"token":"t","expiresOn":"99999-10-10T21:39:39Z"}""")]
    public async Task Broken_token_is_a_service_failure(string body)
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, body));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).IssueTokenAsync(TestService.Id, ["chat"], null, TestService.Minute, CancellationToken.None));

        Assert.Equal(FailureKind.Service, failure.Kind);
    }

    [Fact]
    public async Task Message_of_the_service_is_kept_as_it_came_and_shown_with_escapes()
    {
        using var server = new RecordingServer(RecordingServer.Answer(
            400, """{"error":{"code":"Bad\u0007Code","message":"One.\r\nTwo \u001b]0;title\u0007\u202e."}}""", "Content-Type: application/json"));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => TestService.For(server).DeleteAsync(TestService.Id, TestService.Minute, CancellationToken.None));

        Assert.Equal(("One.\r\nTwo \u001b]0;title\u0007\u202e.", "Bad\u0007Code"), (failure.Reason, failure.ServiceCode));
        Assert.Contains(@"One.\u000d\u000aTwo \u001b]0;title\u0007\u202e. (HTTP 400, Bad\u0007Code,", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    private static string Created(string id) => RecordingServer.Answer(201, TestService.CreatedBody.Replace(TestService.CreatedId, id, StringComparison.Ordinal));

    private static async Task WithVariablesAsync(Func<Task> act, params (string Name, string Value)[] variables)
    {
        string?[] before = [.. variables.Select(variable => Environment.GetEnvironmentVariable(variable.Name))];
        try
        {
            foreach ((string name, string value) in variables)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            await act();
        }
        finally
        {
            for (int i = 0; i < before.Length; i++)
            {
                Environment.SetEnvironmentVariable(variables[i].Name, before[i]);
            }
        }
    }

    private static async Task AssertNoTokenAsync(ServiceCredential credential, Uri? authority = null, HttpPipelineTransport? transport = null)
    {
        var endpoint = new Uri("https://contoso.communication.azure.com/");
        TokenCredential source = AzureIdentityCredentials.Create(credential, endpoint, authority, transport);
        // MSAL caches the token of a managed identity for the life of the process.
        var request = new TokenRequestContext([$"https://{Guid.NewGuid()}.example/.default"]);

        SignInException failure = await Assert.ThrowsAsync<SignInException>(
            () => new EntraCredential(credential, source, null, TimeProvider.System).GetTokenAsync(request, CancellationToken.None).AsTask());

        Assert.StartsWith("The answer is too large: it has ", failure.Message, StringComparison.Ordinal);
    }

    private static async Task AssertClosedAsync(EndlessServer server)
    {
        await Eventually.HoldsAsync(() => server.IsIdle);
        Assert.InRange(server.Sent, 0, server.Connections * MostSent);
    }

    /// <summary>Answers as Microsoft Entra ID does, but to one kind of request without an end.</summary>
    private sealed class EndlessAuthority(string path) : DelegatingHandler(new StubAuthority())
    {
        private readonly EndlessStream _content = new();

        public long Read => _content.Position;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (request.RequestUri!.AbsolutePath.EndsWith(path, StringComparison.Ordinal))
            {
                response.Content = new StreamContent(_content);
            }

            return response;
        }
    }

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Position += count;
            return Position > EndlessServer.Length ? 0 : count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
