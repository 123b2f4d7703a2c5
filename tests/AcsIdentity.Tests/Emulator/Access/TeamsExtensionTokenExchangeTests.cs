using System;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Access;

/// <summary>The exchange of an Entra user's token for Teams Phone.</summary>
public sealed class TeamsExtensionTokenExchangeTests : EmulatorTests
{
    private const string Stable = "2025-06-30";
    private const string Resource = "https://auth.msft.communication.azure.com";
    private const string Scope = Resource + "/TeamsExtension.ManageCalls";

    [Theory]
    [InlineData(Scope, Preview)]
    [InlineData(Scope, Stable)]
    [InlineData(Scope, "2026-09-23")]
    [InlineData(Resource + "/.default", Stable)]
    [InlineData(Scope + " " + Resource + "/Teams.ManageCalls", Stable)]
    public void Token_of_an_assigned_user_is_exchanged(string scope, string version)
    {
        string entra = Emulator.SignInUser(scope);
        Assign(entra);

        EmulatorResponse response = Exchange(entra, version: version);

        Assert.Equal(200, response.Status);
        string id = $"8:acs:{Emulator.ResourceId}_{Emulator.Entra.TenantId}_{ObjectId(entra)}";
        Assert.Equal($$"""{"id":"{{id}}"}""", response.Json().GetProperty("identity").GetRawText());
        JsonElement token = response.Json().GetProperty("accessToken");
        Assert.Equal(Clock.GetUtcNow().AddHours(1), token.GetProperty("expiresOn").GetDateTimeOffset());
        string text = token.GetProperty("token").GetString()!;
        Assert.Equal(("voip", id[2..]), (Jwt.Claims(text).GetProperty("acsScope").GetString(), Jwt.Claims(text).GetProperty("skypeid").GetString()));
        Assert.True(Emulator.Introspect(text).IsActive);
    }

    [Fact]
    public void Token_expires_with_the_Entra_token()
    {
        string entra = Emulator.SignInUser(Scope);
        Assign(entra);
        Clock.Advance(TimeSpan.FromMinutes(45));

        string token = Token(Exchange(entra));

        Assert.True(Emulator.Introspect(token).IsActive);
        Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.True(Emulator.Introspect(token).IsExpired);
        AssertRefused(401, "Denied", Answer(Exchange(entra)));
    }

    [Fact]
    public void Identity_gets_and_loses_tokens_like_any_other()
    {
        string entra = Emulator.SignInUser(Scope);
        Assign(entra);
        EmulatorResponse exchanged = Exchange(entra);
        string id = exchanged.Json().GetProperty("identity").GetProperty("id").GetString()!;
        string issued = Issue(id, """{"scopes":["chat"]}""");
        Assert.All([Token(exchanged), issued], token => Assert.True(Emulator.Introspect(token).IsActive));

        Assert.Equal(204, Send("POST", $"/identities/{Uri.EscapeDataString(id)}/:revokeAccessTokens").Status);
        Assert.All([Token(exchanged), issued], token => Assert.True(Emulator.Introspect(token).IsRevoked));
        Assert.Equal(id, Exchange(entra).Json().GetProperty("identity").GetProperty("id").GetString());
        Assert.Equal(1, Emulator.IdentityCount);

        Assert.Equal(204, Send("DELETE", "/identities/" + Uri.EscapeDataString(id)).Status);
        Assert.Equal(0, Emulator.IdentityCount);
        Assert.False(Emulator.Introspect(issued).IdentityExists);
    }

    [Theory]
    [InlineData("no client ids", 200)]
    [InlineData("its client id", 200)]
    [InlineData("another client id", 403)]
    [InlineData("an empty list", 403)]
    public void Client_ids_limit_the_applications(string assignment, int expected)
    {
        string entra = Emulator.SignInUser(Scope);
        Assign(entra, clientIds: assignment switch
        {
            "its client id" => $"[\"{EntraRequest.DeveloperTools}\"]",
            "another client id" => $"[\"{Emulator.Entra.ClientId}\"]",
            "an empty list" => "[]",
            _ => "null",
        });

        Assert.Equal(expected, Exchange(entra).Status);
    }

    [Theory]
    [InlineData("no assignment")]
    [InlineData("another tenant")]
    [InlineData("resourceAccount")]
    [InlineData("teamsResourceAccount")]
    [InlineData("an assignment of Entra")]
    public void User_without_a_matching_assignment_is_forbidden(string difference)
    {
        string entra = Emulator.SignInUser(Scope);
        switch (difference)
        {
            case "another tenant":
                Assign(entra, tenant: EntraRequest.DeveloperTools);
                break;
            case "resourceAccount" or "teamsResourceAccount":
                Assign(entra, principalType: difference);
                break;
            case "an assignment of Entra":
                Assert.Equal(201, Send(
                    "PUT",
                    "/access/entra/assignments/" + ObjectId(entra),
                    $$"""{"tenantId":"{{Emulator.Entra.TenantId}}","principalType":"user","clientIds":["{{EntraRequest.DeveloperTools}}"]}""",
                    Preview).Status);
                break;
        }

        AssertForbidden(Exchange(entra));
        Assert.Equal(0, Emulator.IdentityCount);
    }

    [Fact]
    public void Removed_assignment_allows_no_more_exchange()
    {
        string entra = Emulator.SignInUser(Scope);
        Assign(entra);
        Assert.Equal(200, Exchange(entra).Status);

        Assert.Equal(204, Send("DELETE", AssignmentPath(entra), version: Stable).Status);

        AssertForbidden(Exchange(entra));
    }

    [Fact]
    public void Other_permission_is_forbidden()
    {
        string entra = Emulator.SignInUser(Resource + "/Teams.ManageCalls");
        Assign(entra);

        AssertForbidden(Exchange(entra));
    }

    [Fact]
    public void Application_is_forbidden()
    {
        string entra = Emulator.Handle(Emulator.Entra.TokenRequest(("scope", Resource + "/.default"))).AccessToken();
        Assign(entra);

        AssertForbidden(Exchange(entra));
    }

    [Theory]
    [InlineData(EntraRequest.Scope)]
    [InlineData("https://communication.azure.com/clients/TeamsExtension.ManageCalls")]
    public void Token_for_another_audience_is_denied(string scope)
    {
        string entra = Emulator.SignInUser(scope);
        Assign(entra);

        AssertRefused(401, "Denied", Answer(Exchange(entra)));
    }

    [Fact]
    public void Access_key_is_denied()
    {
        AssertRefused(401, "Denied", Send("POST", "/access/teamsExtension/:exchangeAccessToken", "{}", Stable));
    }

    [Fact]
    public void Body_must_be_an_object()
    {
        AssertRefused(400, "ValidationError", Answer(Exchange(Emulator.SignInUser(Scope), "[]")));
    }

    [Fact]
    public void Older_versions_have_no_exchange()
    {
        AssertRefused(400, "UnsupportedApiVersion", Answer(Exchange(Emulator.SignInUser(Scope), version: Newest)));
    }

    [Theory]
    [InlineData(null, 503)]
    [InlineData(ServiceOperation.Exchange, 503)]
    [InlineData(ServiceOperation.Assign, 200)]
    public void Faults_of_an_exchange_apply(ServiceOperation? operation, int expected)
    {
        string entra = Emulator.SignInUser(Scope);
        Assign(entra);
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, Next = 1, Operation = operation });

        Assert.Equal(expected, Exchange(entra).Status);
    }

    [Fact]
    public void Quota_of_exchanges_limits_exchanges_and_no_assignments()
    {
        using var throttled = new IdentityEmulator(new EmulatorOptions
        {
            Clock = Clock,
            Throttle = new ThrottleOptions { Creates = 1, Issues = 1, Revokes = 1, Deletes = 1, Exchanges = 1 },
        });
        string entra = throttled.SignInUser(Scope);
        string target = $"/access/teamsExtension/tenants/{throttled.Entra.TenantId}/assignments/{ObjectId(entra)}?api-version={Stable}";

        int[] assigned = Array.ConvertAll(["PUT", "PUT", "GET", "GET"], method => throttled.Handle(
            SignedRequest.Create(throttled.AccessKey, method, target, """{"principalType":"user"}""", Clock.GetUtcNow())).Status);
        int[] exchanged = Array.ConvertAll([entra, entra], token => throttled.Handle(Request(token, "{}", Stable)).Status);

        Assert.Equal([201, 200, 200, 200], assigned);
        Assert.Equal([200, 429], exchanged);
    }

    private static string ObjectId(string entraToken) => Jwt.Claims(entraToken).GetProperty("oid").GetString()!;

    private static string Token(EmulatorResponse exchanged) => exchanged.Json().GetProperty("accessToken").GetProperty("token").GetString()!;

    private static (int Status, JsonElement Answer) Answer(EmulatorResponse response) => (response.Status, response.Json());

    private static void AssertForbidden(EmulatorResponse response) => AssertRefused(
        403, "Forbidden", Answer(response), "The principal of the Entra token has no access assignment for this application and scope.");

    private static EmulatorRequest Request(string entraToken, string body, string version) => EntraRequest.Create(
        "POST", "/access/teamsExtension/:exchangeAccessToken?api-version=" + version, body, ("Authorization", "Bearer " + entraToken));

    private EmulatorResponse Exchange(string entraToken, string body = "{}", string version = Stable) => Emulator.Handle(Request(entraToken, body, version));

    private string AssignmentPath(string entraToken, string? tenant = null) =>
        $"/access/teamsExtension/tenants/{tenant ?? Emulator.Entra.TenantId.ToString()}/assignments/{ObjectId(entraToken)}";

    private void Assign(string entraToken, string principalType = "user", string clientIds = "null", string? tenant = null) => Assert.Equal(201, Send(
        "PUT", AssignmentPath(entraToken, tenant), $$"""{"principalType":"{{principalType}}","clientIds":{{clientIds}}}""", Stable).Status);
}
