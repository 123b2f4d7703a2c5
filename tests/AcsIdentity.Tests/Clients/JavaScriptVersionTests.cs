using System;
using System.Text.Json;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>Every published version of Microsoft's JavaScript client makes each call that it has, in its own API version.</summary>
public sealed class JavaScriptVersionTests
{
    /// <summary>A well-known public client, which the emulator's tenant accepts.</summary>
    private const string DeveloperTools = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

    public static TheoryData<string, string, string, HostKind> Clients()
    {
        var rows = new TheoryData<string, string, string, HostKind>();
        foreach (HostKind kind in new[] { HostKind.InProcess, HostKind.Kestrel, HostKind.KestrelOverHttps })
        {
            rows.Add("identity-1.0.0", "2021-03-07", "", kind);
            rows.Add("identity-1.1.0", "2022-06-01", "exchange", kind);
            rows.Add("identity-1.2.0", "2022-10-01", "exchange", kind);
            rows.Add("identity-1.3.0", "2023-10-01", "exchange", kind);
            rows.Add("@azure/communication-identity", "2023-10-01", "exchange", kind);
            rows.Add("administration-1.0.0-beta.4", "2020-07-20-preview2", "preview", kind);
            rows.Add("identity-1.1.0-beta.2", "2021-10-31-preview", "exchange preview", kind);
        }

        return rows;
    }

    [SkippableTheory]
    [MemberData(nameof(Clients))]
    public async Task Every_operation_works(string package, string apiVersion, string has, HostKind kind)
    {
        await using ClientSession session = await ClientSession.StartAsync(ClientLanguage.JavaScript, kind, package: package);
        IdentityEmulator emulator = session.Emulator;
        bool isPreview = has.Contains("preview", StringComparison.Ordinal);

        ClientAnswer created = await session.AskAsync(new(ClientOperation.Create));
        AssertDone(created);
        Assert.StartsWith($"8:acs:{emulator.ResourceId}_", created.Id, StringComparison.Ordinal);

        // The client of the first preview creates and issues in two calls.
        bool isFirstPreview = apiVersion == "2020-07-20-preview2";
        if (!isFirstPreview)
        {
            ClientAnswer withToken = await session.AskAsync(new(ClientOperation.CreateWithToken) { Scopes = ["chat", "voip"] });
            Assert.True(emulator.Introspect(withToken.Token!).IsActive);
        }

        ClientAnswer issued = await session.AskAsync(new(ClientOperation.Issue) { Id = created.Id, Scopes = ["chat"] });
        Assert.True(emulator.Introspect(issued.Token!).IsActive);
        AssertDone(await session.AskAsync(new(ClientOperation.Revoke) { Id = created.Id }));
        Assert.True(emulator.Introspect(issued.Token!).IsRevoked);
        AssertDone(await session.AskAsync(new(ClientOperation.Delete) { Id = created.Id }));
        Assert.False(emulator.Introspect(issued.Token!).IdentityExists);

        if (has.Contains("exchange", StringComparison.Ordinal))
        {
            ClientCall exchange = TeamsUser.Exchange(session.Now.AddMinutes(45));
            ClientAnswer exchanged = await session.AskAsync(isPreview ? exchange with { AppId = null, UserId = null } : exchange);
            Assert.True(emulator.Introspect(exchanged.Token!).IsActive);
        }

        Assert.All(emulator.Requests, request => Assert.EndsWith("?api-version=" + apiVersion, request.Target, StringComparison.Ordinal));
        Assert.All(emulator.Requests, request => Assert.InRange(request.Status ?? 0, 200, 204));
        Assert.Equal(4 + (isFirstPreview ? 0 : 1) + (has.Contains("exchange", StringComparison.Ordinal) ? 1 : 0), emulator.Requests.Count);
    }

    [SkippableFact]
    public async Task Entra_user_gets_a_token_with_the_credential_of_communication_common()
    {
        await using ClientSession session = await ClientSession.StartAsync(ClientLanguage.JavaScript, HostKind.KestrelOverHttps);
        const string Scope = "https://communication.azure.com/clients/.default";
        // The user's tenant is assigned, so all its users may use the resource.
        Guid tenant = session.Emulator.Entra.TenantId;
        EmulatorRequest assign = SignedRequest.Create(
            session.Emulator.AccessKey,
            "PUT",
            $"/access/entra/assignments/{tenant}?api-version=2025-03-02-preview",
            $$"""{"tenantId":"{{tenant}}","principalType":"tenant","clientIds":["{{DeveloperTools}}"]}""");
        Assert.Equal(201, session.Emulator.Handle(assign.With(("Content-Type", "application/json"))).Status);

        ClientAnswer exchanged = await session.AskAsync(
            new(ClientOperation.ExchangeEntra) { EntraToken = SignInUser(session.Emulator, Scope), Scopes = [Scope] });

        AssertDone(exchanged);
        Assert.True(session.Emulator.Introspect(exchanged.Token!).IsActive);
    }

    /// <summary>Signs in the user of the emulator's tenant with a device code.</summary>
    private static string SignInUser(IdentityEmulator emulator, string scope)
    {
        EmulatorResponse Post(string path, params (string Name, string? Value)[] form) =>
            emulator.Handle(EntraRequest.Create("POST", path, EntraRequest.Form([], form)));

        JsonElement started = Post("/organizations/oauth2/v2.0/devicecode", ("client_id", DeveloperTools), ("scope", scope)).Json();
        Assert.Equal(200, Post("/devicelogin", ("user_code", started.GetProperty("user_code").GetString())).Status);
        return Post(
            "/organizations/oauth2/v2.0/token",
            ("grant_type", "device_code"),
            ("client_id", DeveloperTools),
            ("device_code", started.GetProperty("device_code").GetString())).Json().GetProperty("access_token").GetString()!;
    }

    private static void AssertDone(ClientAnswer answer) => Assert.Equal((null, null), (answer.Refusal, answer.ClientError));
}
