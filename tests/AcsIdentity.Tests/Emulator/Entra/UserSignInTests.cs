using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Entra;

/// <summary>A user signs in to the emulator's own Entra tenant: in a browser, or with a code on another machine.</summary>
public sealed class UserSignInTests : IDisposable
{
    private const string DeveloperTools = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    private const string Scope = EntraRequest.Scope + " openid profile offline_access";
    private const string Redirect = "http://localhost:12345";
    private const string Verifier = "a verifier that only the program knows, with \" and & in it";
    private const string State = "<state>\"&'";

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly EntraOptions _entra = new();
    private readonly IdentityEmulator _emulator;

    public UserSignInTests() => _emulator = new IdentityEmulator(new EmulatorOptions { Clock = _clock, Entra = _entra });

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData(DeveloperTools, "organizations")]
    [InlineData(DeveloperTools, "common")]
    [InlineData(null, null)]
    public void Browser_comes_back_with_a_code_that_gets_a_token_the_service_takes(string? clientId, string? tenant)
    {
        clientId ??= _entra.ClientId.ToString();
        tenant ??= _entra.TenantId.ToString();

        EmulatorResponse sent = Authorize(tenant, ("client_id", clientId));

        Assert.Equal((302, "no-store"), (sent.Status, sent.Headers["Cache-Control"]));
        var location = new Uri(sent.Headers["Location"]);
        Assert.Equal(Redirect + "/", location.GetLeftPart(UriPartial.Path));
        Dictionary<string, string> answer = Parameters(location.Query.TrimStart('?'));
        Assert.Equal(State, answer["state"]);
        AssertUserToken(clientId, Redeem(tenant, answer["code"], ("client_id", clientId)));
    }

    [Theory]
    [InlineData(Redirect + "/\r\nSet-Cookie: a=b", Redirect + "/%0D%0ASet-Cookie:%20a=b?")]
    [InlineData(Redirect + "/é?a=b", Redirect + "/%C3%A9?a=b&")]
    [InlineData("http://loopback:12345", Redirect + "/?")] // .NET takes the name for localhost; a browser asks DNS.
    public void Browser_is_sent_to_the_address_that_was_checked(string redirect, string expected)
    {
        EmulatorResponse sent = Authorize("organizations", ("redirect_uri", redirect));

        Assert.StartsWith(expected + "code=", sent.Headers["Location"], StringComparison.Ordinal);
    }

    [Fact]
    public void Id_token_holds_the_nonce_that_the_program_sent()
    {
        string code = Parameters(new Uri(Authorize("organizations", ("nonce", "once & only")).Headers["Location"]).Query.TrimStart('?'))["code"];

        JsonElement idToken = Jwt.Claims(Redeem("organizations", code).Json().GetProperty("id_token").GetString()!);

        Assert.Equal("once & only", idToken.GetProperty("nonce").GetString());
    }

    [Fact]
    public void Browser_can_be_had_to_post_the_code_to_the_program()
    {
        EmulatorResponse page = Authorize("organizations", ("response_mode", "form_post"));

        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page.Headers["Content-Type"]));
        string html = Encoding.UTF8.GetString(page.Body);
        Assert.Contains($"""<form method="post" action="{Redirect}/">""", html, StringComparison.Ordinal);
        Dictionary<string, string> fields = Regex.Matches(html, """<input type="hidden" name="([^"]*)" value="([^"]*)">""")
            .ToDictionary(field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value));
        Assert.Equal(State, fields["state"]);
        Assert.Equal(200, Redeem("organizations", fields["code"]).Status);

        string script = Regex.Match(html, "<script>(.*)</script>").Groups[1].Value;
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.Contains($"script-src 'sha256-{hash}'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invalid_request", 900144, "client_id", null)]
    [InlineData("unauthorized_client", 700016, "client_id", "2dee53b4-368b-45b4-ab52-8493fb117652")]
    [InlineData("invalid_request", 900144, "code_challenge", null)]
    [InlineData("unsupported_response_type", 700054, "response_type", "token")]
    [InlineData("invalid_scope", 70011, "scope", "openid profile")]
    [InlineData("invalid_scope", 70011, "scope", "https://a/.default https://b/.default")]
    [InlineData("invalid_request", 50011, "redirect_uri", "http://elsewhere.example/")]
    [InlineData("invalid_request", 50011, "redirect_uri", "https://localhost.example/")]
    [InlineData("invalid_request", 50011, "redirect_uri", "javascript:alert(1)")]
    [InlineData("invalid_request", 50011, "redirect_uri", Redirect + "/#fragment")]
    public void Browser_goes_nowhere_with_a_wrong_parameter(string error, int code, string name, string? value)
    {
        Assert.Equal((400, error, code), Refusal(Authorize("organizations", (name, value))));
    }

    [Fact]
    public void Browser_goes_nowhere_for_another_tenant()
    {
        Assert.Equal((400, "invalid_tenant", 90002), Refusal(Authorize(Guid.NewGuid().ToString())));
    }

    [Theory]
    [InlineData(70008, "code", "wrong")]
    [InlineData(70008, "redirect_uri", "http://localhost:54321")]
    [InlineData(501481, "code_verifier", "wrong")]
    public void Code_gets_nothing_with_a_wrong_parameter(int code, string name, string value)
    {
        Assert.Equal((400, "invalid_grant", code), Refusal(Redeem("organizations", SignIn(), (name, value))));
    }

    [Fact]
    public void Code_gets_nothing_for_another_application()
    {
        Assert.Equal((400, "invalid_grant", 70008), Refusal(Redeem("organizations", SignIn(), ("client_id", _entra.ClientId.ToString()))));
    }

    [Fact]
    public void Code_counts_once_and_not_for_long()
    {
        string used = SignIn();
        Redeem("organizations", used);
        Assert.Equal((400, "invalid_grant", 70008), Refusal(Redeem("organizations", used)));

        string old = SignIn();
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((400, "invalid_grant", 70008), Refusal(Redeem("organizations", old)));
    }

    [Theory]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [InlineData("device_code")]
    public void Device_gets_a_token_the_service_takes_once_its_code_is_entered(string grantType)
    {
        JsonElement started = StartDevice();
        string userCode = started.GetProperty("user_code").GetString()!;
        string deviceCode = started.GetProperty("device_code").GetString()!;

        Assert.Equal("https://localhost:7443/devicelogin", started.GetProperty("verification_uri").GetString());
        Assert.Contains(userCode, started.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((400, "authorization_pending", 70016), Refusal(PollDevice(deviceCode)));

        EmulatorResponse asked = _emulator.Handle(EntraRequest.Create("GET", "/devicelogin"));
        Assert.Equal(200, asked.Status);
        Assert.Contains("name=\"user_code\"", Encoding.UTF8.GetString(asked.Body), StringComparison.Ordinal);
        // As people type it.
        EmulatorResponse entered = EnterUserCode(" " + userCode.ToLowerInvariant());
        Assert.Equal(200, entered.Status);

        AssertUserToken(DeveloperTools, PollDevice(deviceCode, grantType: grantType));
        Assert.Equal((400, "expired_token", 70020), Refusal(PollDevice(deviceCode)));
        Assert.Equal(400, EnterUserCode(userCode).Status);
    }

    [Fact]
    public void Device_gets_nothing_once_the_time_is_up()
    {
        JsonElement started = StartDevice();

        _clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(400, EnterUserCode(started.GetProperty("user_code").GetString()!).Status);
        Assert.Equal((400, "expired_token", 70020), Refusal(PollDevice(started.GetProperty("device_code").GetString()!)));
    }

    [Fact]
    public void Device_gets_nothing_for_another_code_or_application()
    {
        JsonElement started = StartDevice();
        EnterUserCode(started.GetProperty("user_code").GetString()!);

        Assert.Equal(400, EnterUserCode("WRONG").Status);
        Assert.Equal((400, "expired_token", 70020), Refusal(PollDevice("wrong")));
        Assert.Equal((400, "expired_token", 70020), Refusal(PollDevice(started.GetProperty("device_code").GetString()!, _entra.ClientId.ToString())));
    }

    [Fact]
    public void Old_codes_are_not_kept()
    {
        var codes = new AcsIdentity.Emulator.Entra.ExpiringCodes<object>(TimeSpan.FromMinutes(1), _clock);
        WeakReference old = AddOne();
        _clock.Advance(TimeSpan.FromMinutes(1));

        codes.Add("new", new object());

        GC.Collect();
        Assert.False(old.IsAlive);
        GC.KeepAlive(codes);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference AddOne()
        {
            object value = new();
            codes.Add("old", value);
            return new WeakReference(value);
        }
    }

    private string SignIn() => Parameters(new Uri(Authorize("organizations").Headers["Location"]).Query.TrimStart('?'))["code"];

    private EmulatorResponse Authorize(string tenant, params (string Name, string? Value)[] changes) => _emulator.Handle(EntraRequest.Create(
        "GET",
        $"/{tenant}/oauth2/v2.0/authorize?" + EntraRequest.Form(
            changes,
            ("scope", Scope),
            ("response_type", "code"),
            ("client_id", DeveloperTools),
            ("redirect_uri", Redirect),
            ("code_challenge", System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))),
            ("code_challenge_method", "S256"),
            ("state", State))));

    private EmulatorResponse Redeem(string tenant, string code, params (string Name, string? Value)[] changes) => _emulator.Handle(EntraRequest.Create(
        "POST",
        $"/{tenant}/oauth2/v2.0/token",
        EntraRequest.Form(changes, ("grant_type", "authorization_code"), ("client_id", DeveloperTools), ("code", code), ("redirect_uri", Redirect), ("code_verifier", Verifier), ("scope", Scope))));

    private JsonElement StartDevice() => _emulator.Handle(EntraRequest.Create(
        "POST", "/organizations/oauth2/v2.0/devicecode", EntraRequest.Form([], ("client_id", DeveloperTools), ("scope", Scope)))).Json();

    private EmulatorResponse PollDevice(string deviceCode, string clientId = DeveloperTools, string grantType = "device_code") => _emulator.Handle(EntraRequest.Create(
        "POST",
        "/organizations/oauth2/v2.0/token",
        EntraRequest.Form([], ("grant_type", grantType), ("client_id", clientId), ("device_code", deviceCode))));

    private EmulatorResponse EnterUserCode(string userCode) =>
        _emulator.Handle(EntraRequest.Create("POST", "/devicelogin", EntraRequest.Form([], ("user_code", userCode))));

    private void AssertUserToken(string clientId, EmulatorResponse response)
    {
        Assert.Equal((200, "no-store"), (response.Status, response.Headers["Cache-Control"]));
        JsonElement token = Jwt.Claims(response.AccessToken());
        Assert.Equal((EntraRequest.Resource, "user", clientId), (token.GetProperty("aud").GetString(), token.GetProperty("idtyp").GetString(), token.GetProperty("appid").GetString()));
        JsonElement idToken = Jwt.Claims(response.Json().GetProperty("id_token").GetString()!);
        Assert.Equal(clientId, idToken.GetProperty("aud").GetString());
        Assert.Equal(token.GetProperty("upn").GetString(), idToken.GetProperty("preferred_username").GetString());
        JsonElement account = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(response.Json().GetProperty("client_info").GetString())).RootElement;
        Assert.Equal((token.GetProperty("oid").GetString(), _entra.TenantId), (account.GetProperty("uid").GetString(), account.GetProperty("utid").GetGuid()));
        Assert.Equal(201, _emulator.Handle(EntraRequest.BearerRequest(response.AccessToken())).Status);
    }

    private static (int Status, string? Error, int Code) Refusal(EmulatorResponse response)
    {
        JsonElement refused = response.Json();
        return (response.Status, refused.GetProperty("error").GetString(), refused.GetProperty("error_codes")[0].GetInt32());
    }

    private static Dictionary<string, string> Parameters(string query) =>
        query.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
}
