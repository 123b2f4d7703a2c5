using System;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Entra;

/// <summary>Tests of a user who signs in to the emulator's Entra tenant.</summary>
public abstract class UserSignInTests : IDisposable
{
    private protected const string DeveloperTools = EntraRequest.DeveloperTools;
    private protected const string Scope = EntraRequest.Scope + " openid profile email offline_access";

    private protected const string TeamsExtensionScope = "https://auth.msft.communication.azure.com/TeamsExtension.ManageCalls";

    private protected UserSignInTests() => Emulator = new IdentityEmulator(new EmulatorOptions { Clock = Clock, Entra = Options });

    private protected ManualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    private protected EntraOptions Options { get; } = new();

    private protected IdentityEmulator Emulator { get; }

    public void Dispose()
    {
        Emulator.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void AssertUserToken(string clientId, EmulatorResponse response)
    {
        Assert.Equal((200, "no-store"), (response.Status, response.Headers["Cache-Control"]));
        JsonElement token = Jwt.Claims(response.AccessToken());
        Assert.Equal((EntraRequest.Resource, "user", clientId), (token.GetProperty("aud").GetString(), token.GetProperty("idtyp").GetString(), token.GetProperty("appid").GetString()));
        Assert.Equal(
            ["token_type", "expires_in", "ext_expires_in", "access_token", "scope", "refresh_token", "id_token", "client_info"],
            response.Json().EnumerateObject().Select(member => member.Name));
        Assert.Equal(EntraRequest.Scope, response.Json().GetProperty("scope").GetString());
        Assert.Equal("user@emulator.invalid", token.GetProperty("upn").GetString());
        JsonElement idToken = Jwt.Claims(response.Json().GetProperty("id_token").GetString()!);
        Assert.Equal(clientId, idToken.GetProperty("aud").GetString());
        Assert.Equal("2.0", idToken.GetProperty("ver").GetString());
        Assert.Equal(token.GetProperty("upn").GetString(), idToken.GetProperty("preferred_username").GetString());
        JsonElement account = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(response.Json().GetProperty("client_info").GetString())).RootElement;
        Assert.Equal((token.GetProperty("oid").GetString(), Options.TenantId), (account.GetProperty("uid").GetString(), account.GetProperty("utid").GetGuid()));
        Assert.Equal(201, Emulator.Handle(EntraRequest.BearerRequest(response.AccessToken())).Status);
    }

    /// <summary>Checks that the response has a token for calls with Teams Phone, by an exchange of the token.</summary>
    private protected void AssertTeamsExtensionToken(EmulatorResponse response)
    {
        Assert.Equal((200, TeamsExtensionScope), (response.Status, response.Json().GetProperty("scope").GetString()));
        JsonElement token = Jwt.Claims(response.AccessToken());
        Assert.Equal(
            ("https://auth.msft.communication.azure.com", "TeamsExtension.ManageCalls"), (token.GetProperty("aud").GetString(), token.GetProperty("scp").GetString()));
        string assignment = $"/access/teamsExtension/tenants/{Options.TenantId}/assignments/{token.GetProperty("oid").GetString()}?api-version=2025-06-30";
        Assert.Equal(
            201, Emulator.Handle(SignedRequest.Create(Emulator.AccessKey, "PUT", assignment, """{"principalType":"user"}""", Clock.GetUtcNow())).Status);
        EmulatorRequest exchange = EntraRequest.Create(
            "POST", "/access/teamsExtension/:exchangeAccessToken?api-version=2025-06-30", "{}", ("Authorization", "Bearer " + response.AccessToken()));
        Assert.Equal(200, Emulator.Handle(exchange).Status);
    }

    private protected static (int Status, string? Error, int Code) Refusal(EmulatorResponse response)
    {
        JsonElement refused = response.Json();
        return (response.Status, refused.GetProperty("error").GetString(), refused.GetProperty("error_codes")[0].GetInt32());
    }
}
