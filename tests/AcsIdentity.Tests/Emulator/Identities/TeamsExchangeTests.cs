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
    [InlineData("2023-10-01", 200)]
    [InlineData("2026-09-23", 200)]
    public void Teams_exchange_exists_since_2022_06_01(string version, int expected)
    {
        Assert.Equal(expected, Exchange(EntraToken(), version: version).Status);
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
