using System;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator;

/// <summary>Tests that call the emulator without a host, with signed requests and a manual clock.</summary>
public abstract class EmulatorTests : IDisposable
{
    private protected const string Newest = "2023-10-01";
    private protected const string Preview = "2025-03-02-preview";

    /// <summary>An identity of another resource.</summary>
    private protected const string ForeignId = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";

    private protected EmulatorTests() => Emulator = new IdentityEmulator(new EmulatorOptions { Clock = Clock });

    private protected ManualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    private protected IdentityEmulator Emulator { get; }

    public void Dispose()
    {
        Emulator.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static string Decode(string base64Url) =>
        Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(base64Url));

    private protected static void AssertRefused(int status, string code, (int Status, JsonElement Answer) actual, string? message = null, string? target = null)
    {
        JsonElement error = actual.Answer.GetProperty("error");
        Assert.Equal((status, code), (actual.Status, error.GetProperty("code").GetString()));
        if (message is not null)
        {
            Assert.Equal(message, error.GetProperty("message").GetString());
            Assert.Equal(target, error.TryGetProperty("target", out JsonElement value) ? value.GetString() : null);
        }
    }

    private protected (int Status, JsonElement Answer) Send(string method, string path, string body = "", string version = Newest)
    {
        EmulatorResponse response = Emulator.Handle(
            SignedRequest.Create(Emulator.AccessKey, method, $"{path}?api-version={version}", body, Clock.GetUtcNow()));
        return (response.Status, response.Body.Length == 0 ? default : JsonDocument.Parse(response.Body).RootElement);
    }

    private protected string Create() => Send("POST", "/identities").Answer.GetProperty("identity").GetProperty("id").GetString()!;

    private protected string Issue(string id, string body = """{"scopes":["voip"]}""") =>
        Send("POST", $"/identities/{Uri.EscapeDataString(id)}/:issueAccessToken", body).Answer.GetProperty("token").GetString()!;
}
