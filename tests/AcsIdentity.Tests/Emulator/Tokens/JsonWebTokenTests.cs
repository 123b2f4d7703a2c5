using System;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Tokens;

public sealed class JsonWebTokenTests
{
    [Theory]
    [InlineData("")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.e30.e30")]
    [InlineData("!.e30.")]
    [InlineData("e30.e30.!")]
    [InlineData("W10.e30.")]
    [InlineData("e30.eA.")]
    public void Other_text_is_not_a_token(string text)
    {
        Assert.NotNull(JsonWebToken.TryRead("e30.e30."));
        Assert.Null(JsonWebToken.TryRead(text));
    }

    [Fact]
    public void Claims_are_strings_and_numbers()
    {
        JsonWebToken token = Read("""{"text":"a","number":12,"flag":true,"list":["a"],"object":{}}""");

        Assert.Equal(("a", "12"), (token.GetClaim("text"), token.GetClaim("number")));
        Assert.Equal((null, null, null), (token.GetClaim("flag"), token.GetClaim("list"), token.GetClaim("object")));
        Assert.Null(token.GetClaim("missing"));
    }

    [Fact]
    public void Algorithm_is_the_one_of_the_header()
    {
        Assert.Equal("none", Read("{}").Algorithm);
        Assert.Null(JsonWebToken.TryRead("e30.e30.")!.Algorithm);
    }

    [Theory]
    [InlineData("1700000000", 1700000000L)]
    [InlineData("\"1700000000\"", 1700000000L)]
    [InlineData("0", 0L)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("\" 1\"", null)]
    [InlineData("\"tomorrow\"", null)]
    [InlineData("253402300800", null)]
    [InlineData("null", null)]
    public void Time_is_a_whole_number_of_seconds_since_1970(string value, long? expected)
    {
        Assert.Equal(expected, Read($$"""{"exp":{{value}}}""").GetTime("exp")?.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("""{"exp":1,"oid":"user","azp":"v2","appid":"v1"}""", "v2")]
    [InlineData("""{"exp":1,"oid":"user","appid":"v1"}""", "v1")]
    [InlineData("""{"exp":1,"oid":"user"}""", null)]
    public void Application_of_a_teams_user_token_is_azp_or_else_appid(string payload, string? appId)
    {
        TeamsUserToken token = TeamsUserToken.TryRead(Jwt.Unsigned(payload))!;

        Assert.Equal((appId, "user", DateTimeOffset.FromUnixTimeSeconds(1)), (token.AppId, token.UserId, token.ExpiresOn));
    }

    private static JsonWebToken Read(string payload) => JsonWebToken.TryRead(Jwt.Unsigned(payload))!;
}
