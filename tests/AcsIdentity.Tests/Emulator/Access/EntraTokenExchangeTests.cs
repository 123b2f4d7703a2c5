using System;
using System.Text.Json;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Access;

/// <summary>The exchange that AzureCommunicationTokenCredential does with an Entra credential.</summary>
public sealed class EntraTokenExchangeTests : EmulatorTests
{
    private const string Path = "/access/entra/:exchangeAccessToken?api-version=" + Preview;
    private const string Clients = "https://communication.azure.com/clients/";
    private const string Application = EntraRequest.DeveloperTools;

    [Theory]
    [InlineData("VoIP", "voip")]
    [InlineData("Chat", "chat")]
    [InlineData(".default", "chat,voip")]
    public void Token_of_an_assigned_user_is_exchanged(string permission, string scope)
    {
        string entra = Emulator.SignInUser(Clients + permission);
        Assign(ObjectId(entra), "user");

        EmulatorResponse response = Exchange(entra);

        Assert.Equal(200, response.Status);
        string id = $"8:acs:{Emulator.ResourceId}_{Emulator.Entra.TenantId}_{ObjectId(entra)}";
        Assert.Equal($$"""{"id":"{{id}}"}""", response.Json().GetProperty("identity").GetRawText());
        JsonElement token = response.Json().GetProperty("accessToken");
        Assert.Equal(Clock.GetUtcNow().AddHours(1), token.GetProperty("expiresOn").GetDateTimeOffset());
        string text = token.GetProperty("token").GetString()!;
        Assert.Equal(scope, Jwt.Claims(text).GetProperty("acsScope").GetString());
        Assert.True(Emulator.Introspect(text).IsActive);
    }

    [Fact]
    public void User_keeps_the_identity_until_it_is_deleted()
    {
        string entra = Emulator.SignInUser(Clients + "VoIP");
        Assign(ObjectId(entra), "user");
        JsonElement first = Exchange(entra).Json();

        JsonElement second = Exchange(entra).Json();

        Assert.Equal(first.GetProperty("identity").GetRawText(), second.GetProperty("identity").GetRawText());
        Assert.Equal(1, Emulator.IdentityCount);
        Assert.Equal(204, Send("DELETE", "/identities/" + Uri.EscapeDataString(first.GetProperty("identity").GetProperty("id").GetString()!)).Status);
        Assert.False(Emulator.Introspect(first.GetProperty("accessToken").GetProperty("token").GetString()!).IsActive);
    }

    [Fact]
    public void Assignment_of_the_tenant_is_for_all_its_users()
    {
        Assign(Emulator.Entra.TenantId.ToString(), "tenant");

        Assert.Equal(200, Exchange(Emulator.SignInUser(Clients + "VoIP")).Status);
    }

    [Theory]
    [InlineData("no assignment")]
    [InlineData("group")]
    [InlineData("another tenant")]
    [InlineData("another application")]
    public void Token_without_a_matching_assignment_is_forbidden(string difference)
    {
        string entra = Emulator.SignInUser(Clients + "VoIP");
        switch (difference)
        {
            case "group":
                Assign(ObjectId(entra), "group");
                break;
            case "another tenant":
                Assign(ObjectId(entra), "user", tenant: Application);
                break;
            case "another application":
                Assign(ObjectId(entra), "user", application: Emulator.Entra.ClientId.ToString());
                break;
        }

        AssertRefused(403, "Forbidden", Answer(Exchange(entra)));
        Assert.Equal(0, Emulator.IdentityCount);
    }

    [Fact]
    public void Permission_that_is_no_scope_is_forbidden()
    {
        string entra = Emulator.SignInUser(Clients + "Other");
        Assign(ObjectId(entra), "user");

        AssertRefused(403, "Forbidden", Answer(Exchange(entra)));
    }

    [Fact]
    public void Token_for_the_service_itself_is_denied()
    {
        string entra = Emulator.SignInUser(EntraRequest.Scope);
        Assign(ObjectId(entra), "user");

        AssertRefused(401, "Denied", Answer(Exchange(entra)));
        Assert.Equal(401, Emulator.Handle(EntraRequest.BearerRequest(Emulator.SignInUser(Clients + "VoIP"))).Status);
    }

    [Fact]
    public void Access_key_is_denied()
    {
        AssertRefused(401, "Denied", Answer(Emulator.Handle(SignedRequest.Create(Emulator.AccessKey, "POST", Path, "{}", Clock.GetUtcNow()))));
    }

    [Fact]
    public void Body_must_be_an_object()
    {
        AssertRefused(400, "ValidationError", Answer(Exchange(Emulator.SignInUser(Clients + "VoIP"), "[]")));
    }

    private static string ObjectId(string entraToken) => Jwt.Claims(entraToken).GetProperty("oid").GetString()!;

    private static (int Status, JsonElement Answer) Answer(EmulatorResponse response) => (response.Status, response.Json());

    private EmulatorResponse Exchange(string entraToken, string body = "{}") =>
        Emulator.Handle(EntraRequest.Create("POST", Path, body, ("Authorization", "Bearer " + entraToken)));

    private void Assign(string objectId, string principalType, string? tenant = null, string application = Application) => Assert.Equal(201, Send(
        "PUT",
        "/access/entra/assignments/" + objectId,
        $$"""{"tenantId":"{{tenant ?? Emulator.Entra.TenantId.ToString()}}","principalType":"{{principalType}}","clientIds":["{{application}}"]}""",
        Preview).Status);
}
