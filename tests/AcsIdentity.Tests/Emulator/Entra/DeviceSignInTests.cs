using System;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Entra;

/// <summary>A user signs in with a device code.</summary>
public sealed class DeviceSignInTests : UserSignInTests
{
    [Theory]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [InlineData("device_code")]
    public void Device_code_returns_a_valid_token_after_the_user_code_is_entered(string grantType)
    {
        JsonElement started = StartDevice();
        string userCode = started.GetProperty("user_code").GetString()!;
        string deviceCode = started.GetProperty("device_code").GetString()!;

        Assert.Equal("https://localhost:7443/devicelogin", started.GetProperty("verification_uri").GetString());
        Assert.Matches("^[A-HJ-NP-Z2-9]{9}$", userCode);
        Assert.Equal((900, 1), (started.GetProperty("expires_in").GetInt32(), started.GetProperty("interval").GetInt32()));
        Assert.Equal(
            $"To sign in, use a web browser to open the page https://localhost:7443/devicelogin and enter the code {userCode} to authenticate.",
            started.GetProperty("message").GetString());
        Assert.Equal((400, "authorization_pending", 70016), Refusal(PollDevice(deviceCode)));

        EmulatorResponse asked = Emulator.Handle(EntraRequest.Create("GET", "/devicelogin"));
        Assert.Equal(200, asked.Status);
        Assert.Contains("name=\"user_code\"", Encoding.UTF8.GetString(asked.Body), StringComparison.Ordinal);
        // With a space and in lower case, as people type it.
        EmulatorResponse entered = EnterUserCode(" " + userCode.ToLowerInvariant());
        Assert.Equal(200, entered.Status);
        Assert.Contains("You have signed in.", Encoding.UTF8.GetString(entered.Body), StringComparison.Ordinal);

        AssertUserToken(DeveloperTools, PollDevice(deviceCode, grantType: grantType));
        Assert.Equal((400, "expired_token", 70020), Refusal(PollDevice(deviceCode)));
        Assert.Equal(400, EnterUserCode(userCode).Status);
    }

    [Fact]
    public void Token_for_Teams_Phone_can_be_exchanged()
    {
        JsonElement started = Start(("scope", TeamsExtensionScope + " openid")).Json();
        EnterUserCode(started.GetProperty("user_code").GetString()!);

        AssertTeamsExtensionToken(PollDevice(started.GetProperty("device_code").GetString()!));
    }

    [Fact]
    public void Device_code_expires()
    {
        JsonElement started = StartDevice();

        Clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(400, EnterUserCode(started.GetProperty("user_code").GetString()!).Status);
        Assert.Equal((400, "expired_token", 70020), Refusal(PollDevice(started.GetProperty("device_code").GetString()!)));
    }

    [Fact]
    public void Device_code_is_refused_for_another_code_or_application()
    {
        JsonElement started = StartDevice();
        EnterUserCode(started.GetProperty("user_code").GetString()!);

        Assert.Equal(400, EnterUserCode("WRONG").Status);
        Assert.Equal((400, "expired_token", 70020), Refusal(PollDevice("wrong")));
        Assert.Equal((400, "expired_token", 70020), Refusal(PollDevice(started.GetProperty("device_code").GetString()!, Options.ClientId.ToString())));
    }

    [Fact]
    public void Code_page_is_a_form_that_sends_only_to_the_emulator()
    {
        EmulatorResponse asked = Emulator.Handle(EntraRequest.Create("GET", "/devicelogin"));
        EmulatorResponse refused = EnterUserCode("WRONG");

        Assert.Equal((200, 400), (asked.Status, refused.Status));
        Assert.Contains("Enter the code that the program shows.", Encoding.UTF8.GetString(asked.Body), StringComparison.Ordinal);
        Assert.Contains("The code is not valid or has expired.", Encoding.UTF8.GetString(refused.Body), StringComparison.Ordinal);
        Assert.Equal("default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", asked.Headers["Content-Security-Policy"]);
        Assert.Equal(("nosniff", "no-store"), (asked.Headers["X-Content-Type-Options"], asked.Headers["Cache-Control"]));
    }

    [Theory]
    [InlineData("PUT", "user_code=x", 405)]
    [InlineData("POST", "", 400)]
    public void Code_page_refuses_other_requests(string method, string body, int expected)
    {
        Assert.Equal(expected, Emulator.Handle(EntraRequest.Create(method, "/devicelogin", body)).Status);
    }

    [Fact]
    public void Long_forms_are_refused()
    {
        string padding = new('x', 70_000);

        Assert.Equal(413, EnterUserCode(padding).Status);
        Assert.Equal(413, Start(("padding", padding)).Status);
    }

    [Theory]
    [InlineData("invalid_request", 900144, "client_id", null)]
    [InlineData("unauthorized_client", 700016, "client_id", "2dee53b4-368b-45b4-ab52-8493fb117652")]
    [InlineData("invalid_request", 900144, "scope", null)]
    [InlineData("invalid_scope", 70011, "scope", "openid")]
    public void Start_with_a_wrong_parameter_is_refused(string error, int code, string name, string? value)
    {
        Assert.Equal((400, error, code), Refusal(Start((name, value))));
    }

    [Fact]
    public void Other_tenant_or_method_is_refused()
    {
        string path = $"/{Guid.NewGuid()}/oauth2/v2.0/";

        Assert.Equal((400, "invalid_tenant", 90002), Refusal(Emulator.Handle(EntraRequest.Create("POST", path + "devicecode", EntraRequest.Form([], ("client_id", DeveloperTools), ("scope", Scope))))));
        Assert.Equal((400, "invalid_tenant", 90002), Refusal(Emulator.Handle(EntraRequest.Create("POST", path + "token", "grant_type=device_code"))));
        Assert.Equal((405, "invalid_request", 900561), Refusal(Emulator.Handle(EntraRequest.Create("GET", "/organizations/oauth2/v2.0/devicecode"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("client_id=" + DeveloperTools)]
    public void Poll_without_a_device_code_is_refused(string form)
    {
        Assert.Equal(
            (400, "invalid_request", 900144), Refusal(Emulator.Handle(EntraRequest.Create("POST", "/organizations/oauth2/v2.0/token", "grant_type=device_code&" + form))));
    }

    private JsonElement StartDevice() => Start().Json();

    private EmulatorResponse Start(params (string Name, string? Value)[] changes) => Emulator.Handle(EntraRequest.Create(
        "POST", "/organizations/oauth2/v2.0/devicecode", EntraRequest.Form(changes, ("client_id", DeveloperTools), ("scope", Scope))));

    private EmulatorResponse PollDevice(string deviceCode, string clientId = DeveloperTools, string grantType = "device_code") => Emulator.Handle(EntraRequest.Create(
        "POST",
        "/organizations/oauth2/v2.0/token",
        EntraRequest.Form([], ("grant_type", grantType), ("client_id", clientId), ("device_code", deviceCode))));

    private EmulatorResponse EnterUserCode(string userCode) =>
        Emulator.Handle(EntraRequest.Create("POST", "/devicelogin", EntraRequest.Form([], ("user_code", userCode))));
}
