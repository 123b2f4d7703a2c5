using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Entra;

/// <summary>A user signs in with a browser (authorization code with PKCE).</summary>
public sealed class BrowserSignInTests : UserSignInTests
{
    private const string Redirect = "http://localhost:12345";
    private const string Verifier = "a verifier that only the program knows, with \" and & in it";
    private const string State = "<state>\"&'";

    [Theory]
    [InlineData(DeveloperTools, "organizations")]
    [InlineData(DeveloperTools, "common")]
    [InlineData(null, null)]
    public void Browser_is_redirected_with_a_code_for_a_valid_token(string? clientId, string? tenant)
    {
        clientId ??= Options.ClientId.ToString();
        tenant ??= Options.TenantId.ToString();

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
    [InlineData("http://loopback:12345", Redirect + "/?")] // .NET reads this name as localhost; a browser looks it up in DNS.
    public void Browser_is_redirected_to_the_checked_address(string redirect, string expected)
    {
        EmulatorResponse sent = Authorize("organizations", ("redirect_uri", redirect));

        Assert.StartsWith(expected + "code=", sent.Headers["Location"], StringComparison.Ordinal);
    }

    [Fact]
    public void Token_for_Teams_Phone_can_be_exchanged()
    {
        string code = Parameters(new Uri(Authorize("organizations", ("scope", TeamsExtensionScope + " openid")).Headers["Location"]).Query.TrimStart('?'))["code"];

        AssertTeamsExtensionToken(Redeem("organizations", code));
    }

    [Fact]
    public void Id_token_has_the_nonce_of_the_request()
    {
        string code = Parameters(new Uri(Authorize("organizations", ("nonce", "once & only")).Headers["Location"]).Query.TrimStart('?'))["code"];

        JsonElement idToken = Jwt.Claims(Redeem("organizations", code).Json().GetProperty("id_token").GetString()!);

        Assert.Equal("once & only", idToken.GetProperty("nonce").GetString());
    }

    [Fact]
    public void Response_mode_form_post_posts_the_code()
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
    [InlineData("invalid_request", 50011, "redirect_uri", "https://localhost:12345/")]
    [InlineData("invalid_request", 50011, "redirect_uri", "/")]
    [InlineData("invalid_request", 50011, "redirect_uri", "javascript:alert(1)")]
    [InlineData("invalid_request", 50011, "redirect_uri", Redirect + "/#fragment")]
    public void Wrong_parameter_causes_no_redirect(string error, int code, string name, string? value)
    {
        Assert.Equal((400, error, code), Refusal(Authorize("organizations", (name, value))));
    }

    [Fact]
    public void Other_tenant_causes_no_redirect()
    {
        Assert.Equal((400, "invalid_tenant", 90002), Refusal(Authorize(Guid.NewGuid().ToString())));
    }

    [Theory]
    [InlineData(70008, "code", "wrong")]
    [InlineData(70008, "redirect_uri", "http://localhost:54321")]
    [InlineData(501481, "code_verifier", "wrong")]
    public void Code_is_refused_with_a_wrong_parameter(int code, string name, string value)
    {
        Assert.Equal((400, "invalid_grant", code), Refusal(Redeem("organizations", SignIn(), (name, value))));
    }

    [Theory]
    [InlineData("code")]
    [InlineData("client_id")]
    [InlineData("redirect_uri")]
    [InlineData("code_verifier")]
    public void Code_is_refused_without_a_parameter(string name)
    {
        Assert.Equal((400, "invalid_request", 900144), Refusal(Redeem("organizations", SignIn(), (name, null))));
    }

    [Fact]
    public void Code_is_refused_at_another_tenant()
    {
        Assert.Equal((400, "invalid_tenant", 90002), Refusal(Redeem(Guid.NewGuid().ToString(), SignIn())));
    }

    [Fact]
    public void State_and_nonce_are_optional()
    {
        Dictionary<string, string> answer = Parameters(new Uri(Authorize("organizations", ("state", null)).Headers["Location"]).Query.TrimStart('?'));

        Assert.Equal(["code", "client_info"], answer.Keys);
        EmulatorResponse response = Redeem("organizations", answer["code"]);
        Assert.Equal(response.Json().GetProperty("client_info").GetString(), answer["client_info"]);
        Assert.False(Jwt.Claims(response.Json().GetProperty("id_token").GetString()!).TryGetProperty("nonce", out _));
    }

    [Fact]
    public void Code_is_refused_for_another_application()
    {
        Assert.Equal((400, "invalid_grant", 70008), Refusal(Redeem("organizations", SignIn(), ("client_id", Options.ClientId.ToString()))));
    }

    [Fact]
    public void Code_is_valid_once_and_expires()
    {
        string used = SignIn();
        Redeem("organizations", used);
        Assert.Equal((400, "invalid_grant", 70008), Refusal(Redeem("organizations", used)));

        string old = SignIn();
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((400, "invalid_grant", 70008), Refusal(Redeem("organizations", old)));
    }

    private string SignIn() => Parameters(new Uri(Authorize("organizations").Headers["Location"]).Query.TrimStart('?'))["code"];

    private EmulatorResponse Authorize(string tenant, params (string Name, string? Value)[] changes) => Emulator.Handle(EntraRequest.Create(
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

    private EmulatorResponse Redeem(string tenant, string code, params (string Name, string? Value)[] changes) => Emulator.Handle(EntraRequest.Create(
        "POST",
        $"/{tenant}/oauth2/v2.0/token",
        EntraRequest.Form(changes, ("grant_type", "authorization_code"), ("client_id", DeveloperTools), ("code", code), ("redirect_uri", Redirect), ("code_verifier", Verifier), ("scope", Scope))));

    private static Dictionary<string, string> Parameters(string query) =>
        query.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
}
