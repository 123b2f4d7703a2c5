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
        Assert.Contains(userCode, started.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((400, "authorization_pending", 70016), Refusal(PollDevice(deviceCode)));

        EmulatorResponse asked = Emulator.Handle(EntraRequest.Create("GET", "/devicelogin"));
        Assert.Equal(200, asked.Status);
        Assert.Contains("name=\"user_code\"", Encoding.UTF8.GetString(asked.Body), StringComparison.Ordinal);
        // With a space and in lower case, as people type it.
        EmulatorResponse entered = EnterUserCode(" " + userCode.ToLowerInvariant());
        Assert.Equal(200, entered.Status);

        AssertUserToken(DeveloperTools, PollDevice(deviceCode, grantType: grantType));
        Assert.Equal((400, "expired_token", 70020), Refusal(PollDevice(deviceCode)));
        Assert.Equal(400, EnterUserCode(userCode).Status);
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

    private JsonElement StartDevice() => Emulator.Handle(EntraRequest.Create(
        "POST", "/organizations/oauth2/v2.0/devicecode", EntraRequest.Form([], ("client_id", DeveloperTools), ("scope", Scope)))).Json();

    private EmulatorResponse PollDevice(string deviceCode, string clientId = DeveloperTools, string grantType = "device_code") => Emulator.Handle(EntraRequest.Create(
        "POST",
        "/organizations/oauth2/v2.0/token",
        EntraRequest.Form([], ("grant_type", grantType), ("client_id", clientId), ("device_code", deviceCode))));

    private EmulatorResponse EnterUserCode(string userCode) =>
        Emulator.Handle(EntraRequest.Create("POST", "/devicelogin", EntraRequest.Form([], ("user_code", userCode))));
}
