using System;
using System.Globalization;
using System.Text.Json;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Identities;

/// <summary>The exchange of a Teams user's Entra token.</summary>
public sealed class TeamsExchangeTests : EmulatorTests
{
    private const string App = "d5e3ee9e-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string User = "0b6c3f0e-4ef4-4f63-95c5-6c7d8e9fa002";

    [Fact]
    public void Exchanged_token_has_the_user_and_the_expiry_of_the_entra_token()
    {
        (int status, JsonElement answer) = Exchange(EntraToken());

        Assert.Equal(200, status);
        Assert.Equal(Clock.GetUtcNow().AddMinutes(45), answer.GetProperty("expiresOn").GetDateTimeOffset());
        string token = answer.GetProperty("token").GetString()!;
        Assert.True(Emulator.Introspect(token).IsActive);
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
        string expired = EntraToken(Clock.GetUtcNow());
        foreach (string token in new[] { "", "broken", "a.b.c", Jwt.Unsigned("[]"), Jwt.Unsigned("{}"), Jwt.Unsigned("""{"exp":1e99}"""), expired })
        {
            AssertRefused(401, "InvalidAccessToken", Exchange(token), "Provided access token is not valid.");
        }
    }

    [Theory]
    [InlineData("2021-03-07", 400)]
    [InlineData("2022-06-01", 200)]
    [InlineData("2022-10-01", 200)]
    [InlineData("2023-10-01", 200)]
    [InlineData("2025-03-02-preview", 200)]
    [InlineData("2025-06-30", 200)]
    [InlineData("2026-09-23", 200)]
    [InlineData("2021-11-01", 400)]
    [InlineData("2023-08-01", 400)]
    public void Teams_exchange_exists_since_2022_06_01(string version, int expected)
    {
        Assert.Equal(expected, Exchange(EntraToken(), version: version).Status);
    }

    [Fact]
    public void Exchange_of_2021_10_31_preview_takes_the_user_from_the_token()
    {
        (int status, JsonElement answer) = Send("POST", "/teamsUser/:exchangeAccessToken", $$"""{"token":"{{EntraToken()}}"}""", "2021-10-31-preview");

        Assert.Equal(200, status);
        Assert.Contains($"orgid:{User}", Decode(answer.GetProperty("token").GetString()!.Split('.')[1]), StringComparison.Ordinal);
        AssertRefused(401, "InvalidAccessToken", Send("POST", "/teamsUser/:exchangeAccessToken", """{"token":"x"}""", "2021-10-31-preview"));
        string withoutUser = Jwt.Unsigned("""{"exp":4102444800}""");
        AssertRefused(401, "InvalidAccessToken", Send("POST", "/teamsUser/:exchangeAccessToken", $$"""{"token":"{{withoutUser}}"}""", "2021-10-31-preview"));
    }

    [Fact]
    public void Exchange_of_an_older_version_is_refused_with_the_version()
    {
        AssertRefused(
            400, "UnsupportedApiVersion", Exchange(EntraToken(), version: "2021-03-07"),
            "The HTTP resource that matches the request URI 'http://localhost:7080/teamsUser/:exchangeAccessToken' does not support the API version '2021-03-07'.");
    }

    [Theory]
    [InlineData("", "AppId: The AppId field is required.", "AppId")]
    [InlineData($$""","appId":"{{App}}" """, "UserId: The UserId field is required.", "UserId")]
    [InlineData($$""","appId":"{{App}}","userId":"" """, "UserId: The UserId field is required.", "UserId")]
    public void Exchange_without_a_party_is_refused(string members, string message, string target)
    {
        AssertRefused(
            400, "ValidationError", Send("POST", "/teamsUser/:exchangeAccessToken", $$"""{"token":"{{EntraToken()}}"{{members}}}"""), message, target);
    }

    [Theory]
    [InlineData("", App, "")]
    [InlineData("invalid", App, "")]
    [InlineData("", "", "")]
    [InlineData("invalid", "no-guid", "no-guid")]
    public void Token_is_validated_before_the_other_members(string token, string app, string user)
    {
        AssertRefused(401, "InvalidAccessToken", Exchange(token, app, user), "Provided access token is not valid.");
    }

    [Theory]
    [InlineData("appid", "AAD application is not the expected one.", "appId")]
    [InlineData("oid", "Provided AAD token issued for unexpected user.", "userId")]
    public void Exchange_of_a_token_without_the_claim_is_refused(string claim, string message, string target)
    {
        string token = Jwt.Unsigned(Decode(EntraToken().Split('.')[1]).Replace($"\"{claim}\"", "\"x\"", StringComparison.Ordinal));

        AssertRefused(400, "ValidationError", Exchange(token), message, target);
    }

    [Fact]
    public void Exchange_without_a_token_is_refused()
    {
        AssertRefused(
            401, "InvalidAccessToken", Send("POST", "/teamsUser/:exchangeAccessToken", $$"""{"appId":"{{App}}","userId":"{{User}}"}"""), "Provided access token is not valid.");
    }

    private (int Status, JsonElement Answer) Exchange(string token, string app = App, string user = User, string version = Newest) =>
        Send("POST", "/teamsUser/:exchangeAccessToken", $$"""{"token":"{{token}}","appId":"{{app}}","userId":"{{user}}"}""", version);

    private string EntraToken(DateTimeOffset? expiresOn = null) => Jwt.Unsigned(string.Format(
        CultureInfo.InvariantCulture,
        """{{"exp":{0},"appid":"{1}","oid":"{2}"}}""",
        (expiresOn ?? Clock.GetUtcNow().AddMinutes(45)).ToUnixTimeSeconds(),
        App,
        User));
}
