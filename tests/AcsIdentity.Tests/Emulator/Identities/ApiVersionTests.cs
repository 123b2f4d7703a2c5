using System;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Identities;

/// <summary>The features of each api-version.</summary>
public sealed class ApiVersionTests : EmulatorTests
{
    [Theory]
    [InlineData("2021-03-07", "chat", 201)]
    [InlineData("2021-03-31-preview1", "voip", 201)]
    [InlineData("2021-10-31-preview", "chat.join", 400)]
    [InlineData("2021-11-01", "voip.join", 400)]
    [InlineData("2023-08-01", "voip.join", 201)]
    [InlineData("2021-03-07", "chat.join", 400)]
    [InlineData("2022-10-01", "voip", 201)]
    [InlineData("2022-10-01", "voip.join", 400)]
    [InlineData("2023-10-01", "chat.join", 201)]
    [InlineData("2023-10-01", "chat.join.limited", 201)]
    [InlineData("2023-10-01", "voip.join", 201)]
    [InlineData("2025-03-02-preview", "voip.join", 201)]
    [InlineData("2025-06-30", "voip.join", 201)]
    [InlineData("2026-09-23", "voip.join", 201)]
    public void Join_scopes_exist_since_2023_10_01(string version, string scope, int expected)
    {
        Assert.Equal(expected, Send("POST", "/identities", $$"""{"createTokenWithScopes":["{{scope}}"]}""", version).Status);
    }

    [Theory]
    [InlineData("2021-03-07", 24)]
    [InlineData("2022-06-01", 24)]
    [InlineData("2021-11-01", 24)]
    [InlineData("2022-10-01", 2)]
    [InlineData("2023-08-01", 2)]
    [InlineData("2023-10-01", 2)]
    [InlineData("2025-06-30", 2)]
    [InlineData("2026-09-23", 2)]
    public void Lifetime_is_read_since_2022_10_01_and_ignored_before(string version, int hours)
    {
        JsonElement answer = Send("POST", "/identities", """{"createTokenWithScopes":["chat"],"expiresInMinutes":120}""", version).Answer;

        DateTimeOffset expiresOn = answer.GetProperty("accessToken").GetProperty("expiresOn").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromHours(hours), expiresOn - Clock.GetUtcNow());
    }

    [Theory]
    [InlineData("2019-01-01")]
    [InlineData("2023-10-01-preview")]
    [InlineData("x")]
    public void Unknown_version_is_refused(string version)
    {
        AssertRefused(
            400, "UnsupportedApiVersion", Send("POST", "/identities", "", version),
            $"The HTTP resource that matches the request URI 'http://localhost:7080/identities' does not support the API version '{version}'.");
    }

    [Fact]
    public void Missing_version_is_refused()
    {
        EmulatorResponse response = Emulator.Handle(SignedRequest.Create(Emulator.AccessKey, "POST", "/identities", date: Clock.GetUtcNow()));

        Assert.Equal(400, response.Status);
        Assert.Equal(
            """{"error":{"code":"ApiVersionUnspecified","message":"An API version is required, but was not specified."}}""", Encoding.UTF8.GetString(response.Body));
    }
}
