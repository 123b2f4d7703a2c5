using System;
using System.Globalization;
using System.Text.Json;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Identities;

/// <summary>API version 2020-07-20-preview2, as @azure/communication-administration 1.0.0-beta.4 uses it.</summary>
public sealed class FirstPreviewTests : EmulatorTests
{
    private const string Version = "2020-07-20-preview2";

    [Fact]
    public void Create_returns_the_identity_itself()
    {
        (int status, JsonElement answer) = Send("POST", "/identities", version: Version);

        string id = answer.GetProperty("id").GetString()!;
        Assert.Equal((200, $$"""{"id":"{{id}}"}"""), (status, answer.GetRawText()));
        Assert.Equal(1, Emulator.IdentityCount);
        Assert.Equal(204, Send("DELETE", "/identities/" + Uri.EscapeDataString(id), version: Version).Status);
    }

    [Theory]
    [InlineData("chat", 200)]
    [InlineData("pstn", 200)]
    [InlineData("chat.join", 400)]
    public void Token_is_issued_with_the_id(string scope, int expected)
    {
        string id = Create();

        (int status, JsonElement answer) = Send("POST", Path(id) + "/token", $$"""{"scopes":["{{scope}}"]}""", Version);

        Assert.Equal(expected, status);
        if (status == 200)
        {
            Assert.Equal(id, answer.GetProperty("id").GetString());
            Assert.Equal(Clock.GetUtcNow().AddHours(24), answer.GetProperty("expiresOn").GetDateTimeOffset());
            Assert.True(Emulator.Introspect(answer.GetProperty("token").GetString()!).IsActive);
        }
    }

    [Fact]
    public void Update_revokes_the_tokens_that_were_issued_before_the_time()
    {
        string id = Create();
        string first = Issue(id);
        Clock.Advance(TimeSpan.FromMinutes(1));
        DateTimeOffset between = Clock.GetUtcNow();
        string second = Issue(id);

        Assert.Equal(204, Update(id, between));

        Assert.Equal((true, false), (Emulator.Introspect(first).IsRevoked, Emulator.Introspect(second).IsRevoked));
        Assert.Equal(204, Update(id, Clock.GetUtcNow().AddTicks(1)));
        Assert.True(Emulator.Introspect(second).IsRevoked);
        string third = Issue(id);
        Assert.Equal(204, Update(id, between));
        Assert.Equal((true, false), (Emulator.Introspect(second).IsRevoked, Emulator.Introspect(third).IsRevoked));
    }

    [Fact]
    public void Update_without_a_time_changes_nothing()
    {
        string id = Create();
        string token = Issue(id);

        Assert.Equal(204, Send("PATCH", Path(id), "{}", Version).Status);

        Assert.True(Emulator.Introspect(token).IsActive);
        AssertRefused(401, "IdentityNotOwned", Send("PATCH", Path(ForeignId), "{}", Version));
        AssertRefused(400, "ValidationError", Send("PATCH", Path(id), """{"tokensValidFrom":"yesterday"}""", Version));
        AssertRefused(400, "ValidationError", Send("PATCH", Path(id), """{"tokensValidFrom":"2026-11-26T12:00:00\ud800"}""", Version));
    }

    [Theory]
    [InlineData("POST", "/:issueAccessToken", Version, 400, "UnsupportedApiVersion")]
    [InlineData("POST", "/:revokeAccessTokens", Version, 400, "UnsupportedApiVersion")]
    [InlineData("POST", "/token", Newest, 400, "UnsupportedApiVersion")]
    [InlineData("PATCH", "", Newest, 405, "MethodNotAllowed")]
    [InlineData("GET", "", Version, 405, "MethodNotAllowed")]
    public void Paths_of_other_versions_are_refused(string method, string operation, string version, int status, string code)
    {
        AssertRefused(status, code, Send(method, Path(Create()) + operation, """{"scopes":["chat"]}""", version));
    }

    private static string Path(string id) => "/identities/" + Uri.EscapeDataString(id);

    private int Update(string id, DateTimeOffset validFrom) =>
        Send("PATCH", Path(id), $$"""{"tokensValidFrom":"{{validFrom.ToString("O", CultureInfo.InvariantCulture)}}"}""", Version).Status;
}
