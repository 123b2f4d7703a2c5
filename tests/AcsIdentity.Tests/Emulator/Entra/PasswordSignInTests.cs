using System;
using System.Text.Json;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Entra;

/// <summary>The password grant and refresh tokens, as the suites of the service's clients use them.</summary>
public sealed class PasswordSignInTests : UserSignInTests
{
    private const string Teams = "https://auth.msft.communication.azure.com";
    private const string TeamsScopes = Teams + "/Teams.ManageCalls " + Teams + "/Teams.ManageChats";

    [Fact]
    public void Token_has_all_permissions_that_were_asked_for()
    {
        EmulatorResponse response = SignIn(("scope", TeamsScopes + " openid profile offline_access"));

        Assert.Equal(200, response.Status);
        Assert.Equal(TeamsScopes, response.Json().GetProperty("scope").GetString());
        JsonElement token = Jwt.Claims(response.AccessToken());
        Assert.Equal(Teams, token.GetProperty("aud").GetString());
        Assert.Equal("Teams.ManageCalls Teams.ManageChats", token.GetProperty("scp").GetString());
        Assert.Equal($"https://sts.windows.net/{Options.TenantId}/", token.GetProperty("iss").GetString());
    }

    [Fact]
    public void Token_of_the_user_can_be_exchanged()
    {
        string token = SignIn(("scope", TeamsScopes)).AccessToken();
        JsonElement claims = Jwt.Claims(token);
        string body = $$"""{"token":"{{token}}","appId":"{{DeveloperTools}}","userId":"{{claims.GetProperty("oid").GetString()}}"}""";

        Assert.Equal(200, Emulator.Handle(SignedRequest.Create(
            Emulator.AccessKey, "POST", "/teamsUser/:exchangeAccessToken?api-version=2023-10-01", body, Clock.GetUtcNow())).Status);
    }

    [Fact]
    public void Token_for_Teams_Phone_can_be_exchanged()
    {
        AssertTeamsExtensionToken(SignIn(("scope", TeamsExtensionScope + " openid")));
    }

    [Fact]
    public void Refreshed_token_for_Teams_Phone_can_be_exchanged()
    {
        string refreshToken = SignIn().Json().GetProperty("refresh_token").GetString()!;

        AssertTeamsExtensionToken(Refresh(refreshToken, ("scope", TeamsExtensionScope)));
    }

    [Fact]
    public void Default_scope_names_no_permission()
    {
        EmulatorResponse response = SignIn();

        AssertUserToken(DeveloperTools, response);
        Assert.False(Jwt.Claims(response.AccessToken()).TryGetProperty("scp", out _));
    }

    [Theory]
    [InlineData("invalid_grant", 50034, "username", "other@emulator.invalid")]
    [InlineData("invalid_request", 900144, "username", null)]
    [InlineData("invalid_request", 900144, "password", null)]
    [InlineData("invalid_request", 900144, "scope", null)]
    [InlineData("unauthorized_client", 700016, "client_id", "72f988bf-86f1-41af-91ab-2d7cd011db47")]
    [InlineData("invalid_scope", 70011, "scope", "User.Read")]
    [InlineData("invalid_scope", 70011, "scope", "https://a/")]
    [InlineData("invalid_scope", 70011, "scope", "https://a/x https://b/y")]
    [InlineData("invalid_scope", 70011, "scope", "https://a/x https://a/.default")]
    public void Wrong_parameter_is_refused(string error, int code, string name, string? value)
    {
        Assert.Equal((400, error, code), Refusal(SignIn((name, value))));
    }

    [Fact]
    public void Refresh_token_is_issued_for_offline_access_only()
    {
        Assert.False(SignIn(("scope", EntraRequest.Scope + " openid")).Json().TryGetProperty("refresh_token", out _));
        Assert.True(SignIn().Json().TryGetProperty("refresh_token", out _));
    }

    [Fact]
    public void Refresh_token_gets_tokens_until_it_expires()
    {
        string refreshToken = SignIn().Json().GetProperty("refresh_token").GetString()!;
        Clock.Advance(TimeSpan.FromDays(89));

        EmulatorResponse same = Refresh(refreshToken);
        EmulatorResponse other = Refresh(refreshToken, ("scope", TeamsScopes));

        AssertUserToken(DeveloperTools, same);
        Assert.Equal(refreshToken, same.Json().GetProperty("refresh_token").GetString());
        Assert.Equal(Teams, Jwt.Claims(other.AccessToken()).GetProperty("aud").GetString());
        Assert.Equal((400, "invalid_grant", 70008), Refusal(Refresh("x")));
        Assert.Equal((400, "invalid_grant", 70008), Refusal(Refresh(refreshToken, ("client_id", Options.ClientId.ToString()))));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((400, "invalid_grant", 70008), Refusal(Refresh(refreshToken)));
    }

    [Theory]
    [InlineData("/common/userrealm/user%40emulator.invalid?api-version=1.0")]
    [InlineData("/common/UserRealm/user@emulator.invalid?api-version=1.0")]
    public void User_is_managed_by_the_tenant(string target)
    {
        Assert.Equal("Managed", Emulator.Handle(EntraRequest.Create("GET", target)).Json().GetProperty("account_type").GetString());
    }

    private EmulatorResponse SignIn(params (string Name, string? Value)[] changes) => Emulator.Handle(EntraRequest.Create("POST", "/organizations/oauth2/v2.0/token", EntraRequest.Form(
        changes,
        ("grant_type", "password"),
        ("client_id", DeveloperTools),
        ("username", "User@emulator.invalid"),
        ("password", "any"),
        ("scope", Scope))));

    private EmulatorResponse Refresh(string refreshToken, params (string Name, string? Value)[] changes) => Emulator.Handle(EntraRequest.Create(
        "POST", Options.TokenPath(), EntraRequest.Form(changes, ("grant_type", "refresh_token"), ("client_id", DeveloperTools), ("refresh_token", refreshToken))));
}
