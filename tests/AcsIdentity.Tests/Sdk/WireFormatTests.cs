using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Azure;
using Azure.Communication;
using Azure.Communication.Identity;
using Azure.Communication.Identity.Models;
using Azure.Core;
using Xunit;
using ServiceVersion = Azure.Communication.Identity.CommunicationIdentityClientOptions.ServiceVersion;

namespace AcsIdentity.Tests.Sdk;

/// <summary>
/// The requests and responses of the linked client library, byte for byte. The expectations are recordings of Microsoft's
/// published clients (Azure.Communication.Identity 1.3.1), so they hold for the stand-in and for the package.
/// </summary>
public sealed class WireFormatTests
{
    private const string Key = "a2V5IG9mIHRoZSB3aXJlIGZvcm1hdCB0ZXN0cw==";
    private const string Id = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";
    private const string EscapedId = "8%3Aacs%3A2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";
    private const string Created = """{"identity":{"id":"8:acs:r_u"},"accessToken":{"token":"t","expiresOn":"2023-10-10T21:39:39.3244584+00:00"}}""";
    private const string Issued = """{"token":"t","expiresOn":"2023-10-10T21:39:39.3244584+00:00"}""";

    private static readonly CommunicationUserIdentifier _user = new(Id);
    private static readonly CommunicationTokenScope[] _chatAndVoip = [CommunicationTokenScope.Chat, CommunicationTokenScope.VoIP];
    private static readonly GetTokenForTeamsUserOptions _teams = new("entra", "app", "user");

    /// <summary>Each call, sync and async, with request line, body (null: no body and no Content-Type) and success status.</summary>
    private static readonly Dictionary<string, Call> _calls = new()
    {
        ["create"] = new(
            "POST /identities?api-version=2023-10-01", "{}", 201, client => client.CreateUser(), client => client.CreateUserAsync()),
        ["create with token"] = new(
            "POST /identities?api-version=2023-10-01", """{"createTokenWithScopes":["chat","voip"]}""", 201,
            client => client.CreateUserAndToken(_chatAndVoip), client => client.CreateUserAndTokenAsync(_chatAndVoip)),
        ["create with token for an hour"] = new(
            "POST /identities?api-version=2023-10-01", """{"createTokenWithScopes":["chat","voip"],"expiresInMinutes":60}""", 201,
            client => client.CreateUserAndToken(_chatAndVoip, TimeSpan.FromHours(1)),
            client => client.CreateUserAndTokenAsync(_chatAndVoip, TimeSpan.FromHours(1))),
        ["create with all scopes for a day"] = new(
            "POST /identities?api-version=2023-10-01",
            """{"createTokenWithScopes":["chat","voip","chat.join","chat.join.limited","voip.join"],"expiresInMinutes":1440}""", 201,
            client => client.CreateUserAndToken(AllScopes(), TimeSpan.FromDays(1)),
            client => client.CreateUserAndTokenAsync(AllScopes(), TimeSpan.FromDays(1))),
        ["create with no scopes"] = new(
            "POST /identities?api-version=2023-10-01", "{}", 201, client => client.CreateUserAndToken([]), client => client.CreateUserAndTokenAsync([])),
        ["create with null scopes"] = new(
            "POST /identities?api-version=2023-10-01", "{}", 201, client => client.CreateUserAndToken(null!), client => client.CreateUserAndTokenAsync(null!)),
        ["issue"] = new(
            $"POST /identities/{EscapedId}/:issueAccessToken?api-version=2023-10-01", """{"scopes":["chat"]}""", 200,
            client => client.GetToken(_user, ["chat"]), client => client.GetTokenAsync(_user, ["chat"])),
        ["issue for two hours"] = new(
            $"POST /identities/{EscapedId}/:issueAccessToken?api-version=2023-10-01", """{"scopes":["chat.join","voip.join"],"expiresInMinutes":120}""", 200,
            client => client.GetToken(_user, ["chat.join", "voip.join"], TimeSpan.FromHours(2)),
            client => client.GetTokenAsync(_user, ["chat.join", "voip.join"], TimeSpan.FromHours(2))),
        ["issue with no scopes"] = new(
            $"POST /identities/{EscapedId}/:issueAccessToken?api-version=2023-10-01", """{"scopes":[]}""", 200,
            client => client.GetToken(_user, []), client => client.GetTokenAsync(_user, [])),
        ["issue with scopes as given"] = new(
            $"POST /identities/{EscapedId}/:issueAccessToken?api-version=2023-10-01", """{"scopes":["foo","Chat","chat","chat"]}""", 200,
            client => client.GetToken(_user, ["foo", "Chat", "chat", "chat"]), client => client.GetTokenAsync(_user, ["foo", "Chat", "chat", "chat"])),
        ["revoke"] = new(
            $"POST /identities/{EscapedId}/:revokeAccessTokens?api-version=2023-10-01", null, 204,
            client => client.RevokeTokens(_user), client => client.RevokeTokensAsync(_user)),
        ["delete"] = new(
            $"DELETE /identities/{EscapedId}?api-version=2023-10-01", null, 204, client => client.DeleteUser(_user), client => client.DeleteUserAsync(_user)),
        ["exchange"] = new(
            "POST /teamsUser/:exchangeAccessToken?api-version=2023-10-01", """{"token":"entra","appId":"app","userId":"user"}""", 200,
            client => client.GetTokenForTeamsUser(_teams), client => client.GetTokenForTeamsUserAsync(_teams)),
    };

    public static TheoryData<string, bool> Calls()
    {
        var data = new TheoryData<string, bool>();
        foreach (string name in _calls.Keys)
        {
            data.Add(name, false);
            data.Add(name, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Request_equals_the_recording(string name, bool async)
    {
        Call call = _calls[name];
        using var server = new RecordingServer(RecordingServer.Answer(call.Status, ResponseTo(call)));

        await call.MakeAsync(Client(server), async);

        string request = Assert.Single(server.Requests);
        string body = call.Body ?? "";
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        string date = Regex.Match(request, "\r\nx-ms-date: ([^\r]+)").Groups[1].Value;
        string authority = server.Endpoint.Authority;
        string signature = SignedRequest.Signature(Key, $"{call.RequestLine.Replace(" ", "\n", StringComparison.Ordinal)}\n{date};{authority};{hash}");
        string contentHeaders = call switch
        {
            { Body: { } } => $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n",
            _ when call.RequestLine.StartsWith("POST", StringComparison.Ordinal) => "Content-Length: 0\r\n",
            _ => "",
        };
        string expected = $"{call.RequestLine} HTTP/1.1\r\n"
            + $"Host: {authority}\r\n"
            + "Accept: application/json\r\n"
            + "x-ms-client-request-id: (guid)\r\n"
            + "x-ms-return-client-request-id: true\r\n"
            + "User-Agent: (library)\r\n"
            + $"x-ms-content-sha256: {hash}\r\n"
            + $"x-ms-date: {date}\r\n"
            + $"Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}\r\n"
            + contentHeaders
            + "\r\n"
            + body;
        Assert.Equal(expected, WithPlaceholders(request));
        DateTimeOffset sent = DateTimeOffset.ParseExact(date, "r", CultureInfo.InvariantCulture);
        Assert.InRange(sent, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Another_success_status_is_a_failure(string name, bool async)
    {
        Call call = _calls[name];
        int other = call.Status == 200 ? 201 : 200;
        using var server = new RecordingServer(RecordingServer.Answer(other, ResponseTo(call)));

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(() => call.MakeAsync(Client(server), async));

        Assert.Equal(other, failure.Status);
    }

    [Theory]
    [InlineData("a b", "a%20b")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("ü", "%C3%BC")]
    [InlineData("100%", "100%25")]
    [InlineData("8:acs:r-1_u-1", "8%3Aacs%3Ar-1_u-1")]
    public void Id_is_percent_encoded(string id, string encoded)
    {
        using var server = new RecordingServer(RecordingServer.Answer(204, ""));

        Client(server).DeleteUser(new CommunicationUserIdentifier(id));

        Assert.StartsWith($"DELETE /identities/{encoded}?api-version=2023-10-01 HTTP/1.1\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(59, "59")]
    [InlineData(-5, "-5")]
    [InlineData(90.5, "90")]
    [InlineData(91.5, "92")]
    public void Lifetime_is_sent_in_whole_minutes_without_a_check(double minutes, string sent)
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, Issued));

        Client(server).GetToken(_user, ["chat"], TimeSpan.FromMinutes(minutes));

        Assert.EndsWith($$"""{"scopes":["chat"],"expiresInMinutes":{{sent}}}""", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_lifetime_is_omitted()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, Issued));

        Client(server).GetToken(_user, ["chat"], TimeSpan.Zero);

        Assert.EndsWith("""{"scopes":["chat"]}""", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_arguments_are_rejected_without_a_request()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, Issued));
        CommunicationIdentityClient client = Client(server);

        Assert.Throws<ArgumentNullException>(() => client.GetToken(_user, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => client.GetToken(_user, ["chat"], TimeSpan.MaxValue));
        Assert.Throws<ArgumentNullException>(() => new GetTokenForTeamsUserOptions(null!, "app", "user"));
        Assert.Throws<ArgumentException>(() => new CommunicationUserIdentifier(""));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(ServiceVersion.V2021_03_07, "2021-03-07")]
    [InlineData(ServiceVersion.V2022_06_01, "2022-06-01")]
    [InlineData(ServiceVersion.V2022_10_01, "2022-10-01")]
    [InlineData(ServiceVersion.V2023_10_01, "2023-10-01")]
    public void Version_is_sent(ServiceVersion version, string sent)
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, Created));
        var client = new CommunicationIdentityClient(server.Endpoint, new AzureKeyCredential(Key), new CommunicationIdentityClientOptions(version));

        client.CreateUser();

        Assert.StartsWith($"POST /identities?api-version={sent} ", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("endpoint={0};accesskey={1}", "")]
    [InlineData("Endpoint={0}/;AccessKey={1};", "")]
    [InlineData("ACCESSKEY={1};ENDPOINT={0}", "")]
    [InlineData("endpoint={0}/base/;accesskey={1}", "/base/")]
    public void Connection_string_is_read(string format, string pathPrefix)
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, Created));
        string endpoint = server.Endpoint.ToString().TrimEnd('/');

        new CommunicationIdentityClient(string.Format(CultureInfo.InvariantCulture, format, endpoint, Key)).CreateUser();

        Assert.StartsWith($"POST {pathPrefix}/identities?api-version=2023-10-01 ", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public void Bearer_token_is_not_sent_over_plain_http()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, Created));
        var credential = new RecordingCredential();

        Assert.Throws<InvalidOperationException>(() => new CommunicationIdentityClient(server.Endpoint, credential).CreateUser());

        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Response_is_read()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, Created, "Content-Type: text/html"));

        (CommunicationUserIdentifier user, AccessToken token) = Client(server).CreateUserAndToken(["chat"]).Value;

        Assert.Equal("8:acs:r_u", user.Id);
        Assert.Equal("t", token.Token);
        Assert.Equal(DateTimeOffset.Parse("2023-10-10T21:39:39.3244584Z", CultureInfo.InvariantCulture), token.ExpiresOn);
    }

    [Fact]
    public void Response_without_token_throws_only_when_the_token_is_read()
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, """{"identity":{"id":"8:acs:r_u"},"accessToken":null,"new":1}"""));

        CommunicationUserIdentifierAndToken created = Client(server).CreateUserAndToken([]).Value;

        Assert.Equal("8:acs:r_u", created.User.Id);
        Assert.Throws<InvalidOperationException>(() => created.AccessToken);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"identity":{}}""")]
    [InlineData("""{"Identity":{"Id":"8:acs:r_u"}}""")]
    public void Response_without_identity_is_a_failure(string body)
    {
        using var server = new RecordingServer(RecordingServer.Answer(201, body));

        Assert.Throws<ArgumentNullException>(() => Client(server).CreateUser());
    }

    [Fact]
    public void Token_without_expiry_expires_at_the_minimum_time()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, """{"token":"t"}"""));

        Assert.Equal(DateTimeOffset.MinValue, Client(server).GetToken(_user, ["chat"]).Value.ExpiresOn);
    }

    [Theory]
    [InlineData("""{"error":{"code":"Denied","message":"No."}}""", "Denied")]
    [InlineData("", null)]
    [InlineData("plain text", null)]
    [InlineData("{broken", null)]
    public void Rejection_is_read(string body, string? code)
    {
        using var server = new RecordingServer(RecordingServer.Answer(401, body, "Content-Type: application/json"));

        RequestFailedException rejection = Assert.Throws<RequestFailedException>(() => Client(server).CreateUser());

        Assert.Equal(401, rejection.Status);
        Assert.Equal(code, rejection.ErrorCode);
    }

    [Fact]
    public void Each_attempt_has_a_new_signature_and_the_same_request_id()
    {
        using var server = new RecordingServer(
            RecordingServer.Answer(503, "", "retry-after-ms: 1100"), RecordingServer.Answer(204, ""));

        Client(server).DeleteUser(_user);

        Assert.Equal(2, server.Requests.Count);
        Assert.NotEqual(Header(server.Requests[0], "Authorization"), Header(server.Requests[1], "Authorization"));
        Assert.NotEqual(Header(server.Requests[0], "x-ms-date"), Header(server.Requests[1], "x-ms-date"));
        Assert.Equal(Header(server.Requests[0], "x-ms-client-request-id"), Header(server.Requests[1], "x-ms-client-request-id"));
    }

    [Fact]
    public void Scopes_are_equal_in_any_case_and_keep_their_text()
    {
        Assert.Equal(CommunicationTokenScope.VoIP, new CommunicationTokenScope("VOIP"));
        Assert.True(CommunicationTokenScope.ChatJoin != CommunicationTokenScope.ChatJoinLimited);
        Assert.Equal("VOIP", new CommunicationTokenScope("VOIP").ToString());
    }

    [Fact]
    public void Model_factory_creates_the_models_of_the_client()
    {
        var token = new AccessToken("t", DateTimeOffset.UnixEpoch);

        CommunicationUserIdentifierAndToken made = CommunicationIdentityModelFactory.CommunicationUserIdentifierAndToken(_user, token);

        Assert.Same(_user, made.User);
        Assert.Equal(token, made.AccessToken);
    }

    private static CommunicationIdentityClient Client(RecordingServer server) => new(server.Endpoint, new AzureKeyCredential(Key));

    private static CommunicationTokenScope[] AllScopes() =>
    [
        CommunicationTokenScope.Chat, CommunicationTokenScope.VoIP, CommunicationTokenScope.ChatJoin,
        CommunicationTokenScope.ChatJoinLimited, CommunicationTokenScope.VoIPJoin,
    ];

    private static string ResponseTo(Call call) => call.Status switch
    {
        201 => Created,
        200 => Issued,
        _ => "",
    };

    private static string Header(string request, string name) => Regex.Match(request, $"\r\n{name}: ([^\r]+)").Groups[1].Value;

    private static string WithPlaceholders(string request)
    {
        string withoutId = Regex.Replace(request, "x-ms-client-request-id: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\r\n", "x-ms-client-request-id: (guid)\r\n");
        return Regex.Replace(withoutId, @"User-Agent: azsdk-net-[A-Za-z.]+/\d[^ \r]* \([^\r]+\)\r\n", "User-Agent: (library)\r\n");
    }

    private sealed record Call(
        string RequestLine,
        string? Body,
        int Status,
        Func<CommunicationIdentityClient, object> Sync,
        Func<CommunicationIdentityClient, Task> Async)
    {
        public async Task MakeAsync(CommunicationIdentityClient client, bool async)
        {
            if (async)
            {
                await Async(client);
            }
            else
            {
                Sync(client);
            }
        }
    }

    private sealed class RecordingCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, System.Threading.CancellationToken cancellationToken) =>
            new("entra", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, System.Threading.CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
