using System;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>Every published version of Microsoft's JavaScript client makes each call that it has, in its own API version.</summary>
public sealed class JavaScriptVersionTests
{
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

    [SkippableTheory]
    [InlineData("https://communication.azure.com/clients/.default", "/access/entra/assignments/{user}", $$"""{"tenantId":"{tenant}","principalType":"user","clientIds":["{{EntraRequest.DeveloperTools}}"]}""")]
    [InlineData("https://auth.msft.communication.azure.com/TeamsExtension.ManageCalls", "/access/teamsExtension/tenants/{tenant}/assignments/{user}", """{"principalType":"user"}""")]
    public async Task Entra_user_gets_a_token_with_the_credential_of_communication_common(string scope, string path, string body)
    {
        await using ClientSession session = await ClientSession.StartAsync(ClientLanguage.JavaScript, HostKind.KestrelOverHttps);
        string entraToken = session.Emulator.SignInUser(scope);
        string Fill(string text) => text
            .Replace("{tenant}", session.Emulator.Entra.TenantId.ToString(), StringComparison.Ordinal)
            .Replace("{user}", Jwt.Claims(entraToken).GetProperty("oid").GetString(), StringComparison.Ordinal);
        EmulatorRequest assign = SignedRequest.Create(session.Emulator.AccessKey, "PUT", Fill(path) + "?api-version=2025-03-02-preview", Fill(body));
        Assert.Equal(201, session.Emulator.Handle(assign).Status);

        ClientAnswer exchanged = await session.AskAsync(new(ClientOperation.ExchangeEntra) { EntraToken = entraToken, Scopes = [scope] });

        AssertDone(exchanged);
        Assert.True(session.Emulator.Introspect(exchanged.Token!).IsActive);
    }

    private static void AssertDone(ClientAnswer answer) => Assert.Equal((null, null), (answer.Refusal, answer.ClientError));
}
