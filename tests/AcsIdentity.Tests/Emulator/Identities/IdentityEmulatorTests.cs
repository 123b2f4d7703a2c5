using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Identities;

/// <summary>The emulator's rules without a host: operations, versions, tokens and the service's error answers.</summary>
public sealed class IdentityEmulatorTests : IDisposable
{
    private const string Newest = "2023-10-01";
    private const string Preview = "2025-03-02-preview";
    private const string Foreign = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";
    private const string App = "d5e3ee9e-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string User = "0b6c3f0e-4ef4-4f63-95c5-6c7d8e9fa002";

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly IdentityEmulator _emulator;

    public IdentityEmulatorTests() => _emulator = new IdentityEmulator(new EmulatorOptions { Clock = _clock });

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"createTokenWithScopes":null,"expiresInMinutes":null}""")]
    [InlineData("""{"createTokenWithScopes":[],"unknown":{"member":1}}""")]
    public void Create_without_scopes_gives_the_identity_alone(string body)
    {
        (int status, JsonElement answer) = Send("POST", "/identities", body);

        Assert.Equal(201, status);
        Assert.Matches($"^8:acs:{_emulator.ResourceId}_[0-9a-f-]{{36}}$", answer.GetProperty("identity").GetProperty("id").GetString());
        Assert.Equal(["identity"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(1, _emulator.IdentityCount);
    }

    [Fact]
    public void Create_with_scopes_gives_a_token_too()
    {
        (int status, JsonElement answer) = Send("POST", "/identities", """{"createTokenWithScopes":["chat","voip"],"expiresInMinutes":60}""");

        Assert.Equal(201, status);
        Assert.Equal("2026-11-22T13:00:00.0000000+00:00", answer.GetProperty("accessToken").GetProperty("expiresOn").GetString());
        Assert.True(_emulator.Introspect(answer.GetProperty("accessToken").GetProperty("token").GetString()!).IsActive);
    }

    [Fact]
    public void Token_has_the_claims_a_client_reads()
    {
        string id = Create();

        string token = Issue(id, """{"scopes":["voip","CHAT","chat"],"expiresInMinutes":1440}""");

        string[] parts = token.Split('.');
        JsonElement header = JsonDocument.Parse(Decode(parts[0])).RootElement;
        JsonElement claims = JsonDocument.Parse(Decode(parts[1])).RootElement;
        Assert.Equal("RS256", header.GetProperty("alg").GetString());
        Assert.Equal(id["8:".Length..], claims.GetProperty("skypeid").GetString());
        Assert.Equal("voip,chat", claims.GetProperty("acsScope").GetString());
        Assert.Equal(_emulator.ResourceId.ToString(), claims.GetProperty("resourceId").GetString());
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(_clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
    }

    [Fact]
    public void Token_expires()
    {
        string token = Issue(Create(), """{"scopes":["voip"],"expiresInMinutes":60}""");

        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(_emulator.Introspect(token).IsActive);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new TokenIntrospection(IsSigned: true, IsExpired: true, IsRevoked: false, IdentityExists: true), _emulator.Introspect(token));
    }

    [Fact]
    public void Revocation_hits_the_tokens_there_are_and_none_to_come()
    {
        string id = Create();
        string other = Issue(Create());
        string first = Issue(id);
        string second = Issue(id);

        Assert.Equal(204, Send("POST", $"/identities/{Uri.EscapeDataString(id)}/:revokeAccessTokens").Status);

        Assert.True(_emulator.Introspect(first).IsRevoked);
        Assert.True(_emulator.Introspect(second).IsRevoked);
        Assert.True(_emulator.Introspect(Issue(id)).IsActive);
        Assert.True(_emulator.Introspect(other).IsActive);
    }

    [Fact]
    public void Deletion_ends_the_identity_and_its_tokens()
    {
        string id = Create();
        string path = $"/identities/{Uri.EscapeDataString(id)}";
        string token = Issue(id);

        Assert.Equal(204, Send("DELETE", path).Status);

        Assert.False(_emulator.Introspect(token).IsActive);
        AssertRefused(401, "IdentityNotOwned", Send("DELETE", path));
        AssertRefused(401, "IdentityNotOwned", Send("POST", path + "/:issueAccessToken", """{"scopes":["chat"]}"""));
        AssertRefused(401, "IdentityNotOwned", Send("POST", path + "/:revokeAccessTokens"));
        Assert.Equal(0, _emulator.IdentityCount);
    }

    [Fact]
    public void Token_of_another_signer_or_a_changed_one_is_not_ours()
    {
        using var other = new IdentityEmulator();
        string token = Issue(Create());
        string[] parts = token.Split('.');
        string changed = $"{parts[0]}.{Jwt.Encode(Decode(parts[1]).Replace("voip", "chat", StringComparison.Ordinal))}.{parts[2]}";

        Assert.True(_emulator.Introspect(token).IsSigned);
        Assert.False(other.Introspect(token).IsSigned);
        Assert.False(_emulator.Introspect(changed).IsSigned);
        Assert.False(_emulator.Introspect(parts[0] + "." + parts[1] + ".").IsSigned);
        Assert.False(_emulator.Introspect("").IsSigned);
    }

    [Theory]
    [InlineData(59)]
    [InlineData(1441)]
    [InlineData(-5)]
    public void Lifetime_out_of_range_is_refused_as_recorded(int minutes)
    {
        string message = $"ExpiresInMinutes value {minutes} is invalid. Value must be within the [60, 1440] interval.";
        string path = $"/identities/{Uri.EscapeDataString(Create())}/:issueAccessToken";

        AssertRefused(400, "ValidationError", Send("POST", "/identities", $$"""{"createTokenWithScopes":["chat"],"expiresInMinutes":{{minutes}}}"""), message, "ExpiresInMinutes");
        AssertRefused(400, "ValidationError", Send("POST", path, $$"""{"scopes":["chat"],"expiresInMinutes":{{minutes}}}"""), message, "ExpiresInMinutes");
        Assert.Equal(1, _emulator.IdentityCount);
    }

    [Theory]
    [InlineData("{}", "Scopes: The Scopes field is required.", "Scopes")]
    [InlineData("""{"scopes":null}""", "Scopes: The Scopes field is required.", "Scopes")]
    [InlineData("""{"scopes":[]}""", "Invalid scopes - Scopes field is required.", "scopes")]
    public void Issue_without_scopes_is_refused_as_recorded(string body, string message, string target)
    {
        string path = $"/identities/{Uri.EscapeDataString(Create())}/:issueAccessToken";

        AssertRefused(400, "ValidationError", Send("POST", path, body), message, target);
    }

    [Theory]
    [InlineData("POST", "/:issueAccessToken")]
    [InlineData("POST", "/:revokeAccessTokens")]
    [InlineData("DELETE", "")]
    public void Foreign_identity_is_refused_as_recorded(string method, string operation)
    {
        string body = operation == "/:issueAccessToken" ? """{"scopes":["chat"]}""" : "";

        AssertRefused(
            401, "IdentityNotOwned", Send(method, $"/identities/{Uri.EscapeDataString(Foreign)}{operation}", body), "Provided identity doesn't belong to the resource.");
    }

    [Theory]
    [InlineData("""{"scopes":["foo"]}""")]
    [InlineData("""{"scopes":"chat"}""")]
    [InlineData("""{"scopes":[1]}""")]
    [InlineData("""{"scopes":["\ud800"]}""")]
    [InlineData("""{"\ud800":1,"scopes":["chat"]}""")]
    [InlineData("""{"scopes":["chat"],"expiresInMinutes":"60"}""")]
    [InlineData("""{"scopes":["chat"],"expiresInMinutes":60.5}""")]
    [InlineData("""{"scopes":["chat"]""")]
    [InlineData("[]")]
    [InlineData("\"chat\"")]
    public void Malformed_request_is_a_validation_error(string body)
    {
        string path = $"/identities/{Uri.EscapeDataString(Create())}/:issueAccessToken";

        AssertRefused(400, "ValidationError", Send("POST", path, body));
    }

    [Theory]
    [InlineData("POST", "/", 404)]
    [InlineData("POST", "/nothing", 404)]
    [InlineData("DELETE", "/identities/", 404)]
    [InlineData("POST", "/identities/x/:other", 404)]
    [InlineData("GET", "/identities", 405)]
    [InlineData("PUT", "/identities/x", 405)]
    [InlineData("GET", "/identities/x/:issueAccessToken", 405)]
    public void Unknown_path_or_method_is_refused(string method, string path, int expected)
    {
        Assert.Equal(expected, Send(method, path).Status);
    }

    [Theory]
    [InlineData("2021-03-07", "chat", 201)]
    [InlineData("2021-03-07", "chat.join", 400)]
    [InlineData("2022-10-01", "voip", 201)]
    [InlineData("2022-10-01", "voip.join", 400)]
    [InlineData("2023-10-01", "chat.join", 201)]
    [InlineData("2023-10-01", "chat.join.limited", 201)]
    [InlineData("2023-10-01", "voip.join", 201)]
    [InlineData("2025-03-02-preview", "voip.join", 201)]
    [InlineData("2025-06-30", "voip.join", 201)]
    [InlineData("2026-09-23", "voip.join", 201)]
    public void Join_scopes_are_known_from_2023_10_01(string version, string scope, int expected)
    {
        Assert.Equal(expected, Send("POST", "/identities", $$"""{"createTokenWithScopes":["{{scope}}"]}""", version).Status);
    }

    [Theory]
    [InlineData("2021-03-07", 24)]
    [InlineData("2022-06-01", 24)]
    [InlineData("2022-10-01", 2)]
    [InlineData("2023-10-01", 2)]
    [InlineData("2025-06-30", 2)]
    [InlineData("2026-09-23", 2)]
    public void Lifetime_is_known_from_2022_10_01_and_skipped_before(string version, int hours)
    {
        JsonElement answer = Send("POST", "/identities", """{"createTokenWithScopes":["chat"],"expiresInMinutes":120}""", version).Answer;

        DateTimeOffset expiresOn = answer.GetProperty("accessToken").GetProperty("expiresOn").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromHours(hours), expiresOn - _clock.GetUtcNow());
    }

    [Theory]
    [InlineData("2021-03-07", 400)]
    [InlineData("2022-06-01", 200)]
    [InlineData("2023-10-01", 200)]
    [InlineData("2026-09-23", 200)]
    public void Teams_exchange_is_known_from_2022_06_01(string version, int expected)
    {
        Assert.Equal(expected, Exchange(EntraToken(), version: version).Status);
    }

    [Theory]
    [InlineData("2019-01-01")]
    [InlineData("2023-10-01-preview")]
    [InlineData("x")]
    public void Unknown_version_is_refused(string version)
    {
        AssertRefused(
            400, "UnsupportedApiVersion", Send("POST", "/identities", "", version),
            $"The HTTP resource that matches the request URI '/identities' does not support the API version '{version}'.");
    }

    [Fact]
    public void Missing_version_is_refused()
    {
        EmulatorResponse response = _emulator.Handle(SignedRequest.Create(_emulator.AccessKey, "POST", "/identities", date: _clock.GetUtcNow()));

        Assert.Equal(400, response.Status);
        Assert.Contains("ApiVersionUnspecified", Encoding.UTF8.GetString(response.Body), StringComparison.Ordinal);
    }

    [Fact]
    public void Custom_id_gives_back_the_same_identity_until_it_is_deleted()
    {
        string id = CreateCustom("bob");

        Assert.Equal(id, CreateCustom("bob"));
        Assert.NotEqual(id, CreateCustom("Bob"));
        Assert.Equal(2, _emulator.IdentityCount);
        Send("DELETE", $"/identities/{Uri.EscapeDataString(id)}");
        Assert.NotEqual(id, CreateCustom("bob"));
    }

    [Fact]
    public void Custom_id_makes_one_identity_for_many_at_once()
    {
        Parallel.For(0, 200, _ => CreateCustom("bob"));

        Assert.Equal(1, _emulator.IdentityCount);
    }

    [Theory]
    [InlineData(0, 400)]
    [InlineData(1, 201)]
    [InlineData(256, 201)]
    [InlineData(257, 400)]
    public void Custom_id_has_1_to_256_characters(int length, int expected)
    {
        Assert.Equal(expected, Send("POST", "/identities", $$"""{"customId":"{{new string('x', length)}}"}""", Preview).Status);
    }

    [Fact]
    public void Custom_id_is_skipped_by_versions_that_do_not_know_it()
    {
        Assert.NotEqual(CreateCustom("bob", "2026-09-23"), CreateCustom("bob", "2026-09-23"));
    }

    [Fact]
    public void Identity_is_read_with_what_is_known_of_it()
    {
        string id = CreateCustom("bob");
        string path = "/identities/" + Uri.EscapeDataString(id);

        Assert.Equal($$"""{"id":"{{id}}","customId":"bob"}""", Send("GET", path, version: Preview).Answer.GetRawText());
        Issue(id);
        Assert.Equal(
            $$"""{"id":"{{id}}","customId":"bob","lastTokenIssuedAt":"2026-11-22T12:00:00.0000000+00:00"}""",
            Send("GET", path, version: Preview).Answer.GetRawText());
        Assert.Equal(405, Send("GET", path, version: "2026-09-23").Status);
        AssertRefused(401, "IdentityNotOwned", Send("GET", "/identities/" + Uri.EscapeDataString(Foreign), version: Preview));
    }

    [Fact]
    public void Exchanged_token_expires_with_the_entra_token_and_is_the_users()
    {
        (int status, JsonElement answer) = Exchange(EntraToken());

        Assert.Equal(200, status);
        Assert.Equal(_clock.GetUtcNow().AddMinutes(45), answer.GetProperty("expiresOn").GetDateTimeOffset());
        string token = answer.GetProperty("token").GetString()!;
        Assert.True(_emulator.Introspect(token).IsActive);
        Assert.Contains($"orgid:{User}", Decode(token.Split('.')[1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", User, 400, "ValidationError", "AppId: The AppId field is required.", "AppId")]
    [InlineData("no-guid", User, 400, "ValidationError", "Provided AppId has invalid format.", "appId")]
    [InlineData(User, User, 400, "ValidationError", "AAD application is not the expected one.", "appId")]
    [InlineData(App, "no-guid", 400, "ValidationError", "Provided UserId has invalid format.", "userId")]
    [InlineData(App, App, 400, "ValidationError", "Provided AAD token issued for unexpected user.", "userId")]
    public void Exchange_for_the_wrong_party_is_refused_as_recorded(string app, string user, int status, string code, string message, string target)
    {
        AssertRefused(status, code, Exchange(EntraToken(), app, user), message, target);
    }

    [Fact]
    public void Exchange_of_a_bad_token_is_refused_as_recorded()
    {
        string expired = EntraToken(_clock.GetUtcNow());
        foreach (string token in new[] { "", "broken", "a.b.c", Jwt.Unsigned("[]"), Jwt.Unsigned("{}"), Jwt.Unsigned("""{"exp":1e99}"""), expired })
        {
            AssertRefused(401, "InvalidAccessToken", Exchange(token), "Provided access token is not valid.");
        }
    }

    [Fact]
    public void Answers_carry_the_services_headers()
    {
        EmulatorRequest request = SignedRequest.Create(_emulator.AccessKey, "POST", "/identities?api-version=" + Newest, date: _clock.GetUtcNow());

        EmulatorResponse created = _emulator.Handle(request.With(("x-ms-client-request-id", "my-id")));
        EmulatorResponse refused = _emulator.Handle(request.With(("Authorization", null)));

        Assert.Equal("application/json; charset=utf-8", created.Headers["Content-Type"]);
        Assert.Equal("application/json", refused.Headers["Content-Type"]);
        Assert.Equal("my-id", created.Headers["x-ms-client-request-id"]);
        foreach (string header in new[] { "api-supported-versions", "MS-CV", "X-Processing-Time", "Request-Context", "Strict-Transport-Security", "X-Azure-Ref", "X-Cache" })
        {
            Assert.True(created.Headers.ContainsKey(header) && refused.Headers.ContainsKey(header), header);
        }

        Assert.Equal(
            "2021-03-07, 2022-06-01, 2022-10-01, 2023-10-01, 2025-03-02-preview, 2025-06-30, 2026-09-23", created.Headers["api-supported-versions"]);
    }

    [Theory]
    [InlineData("\u00e9")]
    [InlineData("\u0001")]
    public void Request_id_that_no_header_can_hold_is_not_sent_back(string requestId)
    {
        EmulatorRequest request = SignedRequest.Create(_emulator.AccessKey, "POST", "/identities?api-version=" + Newest, date: _clock.GetUtcNow());

        EmulatorResponse created = _emulator.Handle(request.With(("x-ms-client-request-id", requestId)));

        Assert.Equal(201, created.Status);
        Assert.DoesNotContain("x-ms-client-request-id", created.Headers.Keys);
    }

    [Fact]
    public void Requests_are_counted_refused_ones_too()
    {
        Create();
        _emulator.Handle(SignedRequest.Create(_emulator.AccessKey, "GET", "/identities").With(("Authorization", null)));

        Assert.Equal(2, _emulator.RequestCount);
    }

    [Fact]
    public void Access_key_that_is_not_base64_is_refused()
    {
        Assert.Throws<FormatException>(() => new IdentityEmulator(new EmulatorOptions { AccessKey = "not base64!" }));
    }

    private static string Decode(string base64Url) =>
        Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(base64Url));

    private static void AssertRefused(int status, string code, (int Status, JsonElement Answer) actual, string? message = null, string? target = null)
    {
        JsonElement error = actual.Answer.GetProperty("error");
        Assert.Equal((status, code), (actual.Status, error.GetProperty("code").GetString()));
        if (message is not null)
        {
            Assert.Equal(message, error.GetProperty("message").GetString());
            Assert.Equal(target, error.TryGetProperty("target", out JsonElement value) ? value.GetString() : null);
        }
    }

    private (int Status, JsonElement Answer) Send(string method, string path, string body = "", string version = Newest)
    {
        EmulatorResponse response = _emulator.Handle(
            SignedRequest.Create(_emulator.AccessKey, method, $"{path}?api-version={version}", body, _clock.GetUtcNow()));
        return (response.Status, response.Body.Length == 0 ? default : JsonDocument.Parse(response.Body).RootElement);
    }

    private string Create() => Send("POST", "/identities").Answer.GetProperty("identity").GetProperty("id").GetString()!;

    private string CreateCustom(string customId, string version = Preview) =>
        Send("POST", "/identities", $$"""{"customId":"{{customId}}"}""", version).Answer.GetProperty("identity").GetProperty("id").GetString()!;

    private string Issue(string id, string body = """{"scopes":["voip"]}""") =>
        Send("POST", $"/identities/{Uri.EscapeDataString(id)}/:issueAccessToken", body).Answer.GetProperty("token").GetString()!;

    private (int Status, JsonElement Answer) Exchange(string token, string app = App, string user = User, string version = Newest) =>
        Send("POST", "/teamsUser/:exchangeAccessToken", $$"""{"token":"{{token}}","appId":"{{app}}","userId":"{{user}}"}""", version);

    private string EntraToken(DateTimeOffset? expiresOn = null) => Jwt.Unsigned(string.Format(
        CultureInfo.InvariantCulture,
        """{{"exp":{0},"appid":"{1}","oid":"{2}"}}""",
        (expiresOn ?? _clock.GetUtcNow().AddMinutes(45)).ToUnixTimeSeconds(),
        App,
        User));
}
