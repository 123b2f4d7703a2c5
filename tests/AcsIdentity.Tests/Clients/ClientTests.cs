using System;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Models;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>Tests the emulator with Microsoft's published clients for other languages, which are not our code.</summary>
public sealed class ClientTests(ClientSessions sessions) : IClassFixture<ClientSessions>
{
    /// <summary>The newest API version that is not a preview. Older clients request an older version by default.</summary>
    private const string ApiVersion = "2023-10-01";

    public static TheoryData<ClientLanguage, HostKind> Clients() => new()
    {
        { ClientLanguage.JavaScript, HostKind.InProcess },
        { ClientLanguage.JavaScript, HostKind.Kestrel },
        { ClientLanguage.JavaScript, HostKind.KestrelOverHttps },
        // The Python client supports HTTPS only.
        { ClientLanguage.Python, HostKind.KestrelOverHttps },
    };

    public static TheoryData<ClientLanguage, HostKind, string> ClientsAndScopes() =>
        ClientsAnd("chat", "voip", "chat.join", "chat.join.limited", "voip.join", "chat,voip,chat.join,chat.join.limited,voip.join");

    public static TheoryData<ClientLanguage, HostKind, int?> ClientsAndLifetimes() => ClientsAnd<int?>(null, 60, 90, 1440);

    public static TheoryData<ClientLanguage, HostKind, string> ClientsAndBadInputs() => ClientsAnd([.. BadInput.All.Keys]);

    [SkippableTheory]
    [MemberData(nameof(Clients))]
    public async Task Every_operation_works(ClientLanguage language, HostKind kind)
    {
        ClientSession session = await sessions.GetAsync(language, kind);
        IdentityEmulator emulator = session.Emulator;
        int before = emulator.IdentityCount;

        ClientAnswer created = await session.AskAsync(new(ClientOperation.Create));
        ClientAnswer createdWithToken = await session.AskAsync(new(ClientOperation.CreateWithToken) { Scopes = ["chat", "voip"] });
        Assert.All([created, createdWithToken], answer => Assert.StartsWith($"8:acs:{emulator.ResourceId}_", answer.Id, StringComparison.Ordinal));
        Assert.Equal(before + 2, emulator.IdentityCount);
        Assert.True(emulator.Introspect(createdWithToken.Token!).IsActive);

        ClientAnswer issued = await session.AskAsync(new(ClientOperation.Issue) { Id = created.Id, Scopes = ["chat"] });
        Assert.True(emulator.Introspect(issued.Token!).IsActive);
        AssertDone(await session.AskAsync(new(ClientOperation.Revoke) { Id = created.Id }));
        Assert.True(emulator.Introspect(issued.Token!).IsRevoked);
        AssertDone(await session.AskAsync(new(ClientOperation.Delete) { Id = created.Id }));
        Assert.False(emulator.Introspect(issued.Token!).IdentityExists);

        DateTimeOffset expiresOn = session.Now.AddMinutes(45);
        ClientAnswer exchanged = await session.AskAsync(TeamsUser.Exchange(expiresOn));
        Assert.True(emulator.Introspect(exchanged.Token!).IsActive);
        Assert.Equal(expiresOn, exchanged.ExpiresOn);
    }

    [SkippableTheory]
    [MemberData(nameof(ClientsAndScopes))]
    public async Task Token_has_the_requested_scopes(ClientLanguage language, HostKind kind, string scopes)
    {
        ClientSession session = await sessions.GetAsync(language, kind);
        string[] requested = scopes.Split(',');

        ClientAnswer created = await session.AskAsync(new(ClientOperation.CreateWithToken) { ApiVersion = ApiVersion, Scopes = requested });
        ClientAnswer issued = await session.AskAsync(new(ClientOperation.Issue) { ApiVersion = ApiVersion, Id = created.Id, Scopes = requested });

        Assert.All([created, issued], answer => Assert.Equal(requested, CommunicationTokenClaims.Read(answer.Token!).Scope));
    }

    [SkippableTheory]
    [MemberData(nameof(ClientsAndLifetimes))]
    public async Task Token_has_the_requested_lifetime(ClientLanguage language, HostKind kind, int? minutes)
    {
        ClientSession session = await sessions.GetAsync(language, kind);

        ClientAnswer created = await session.AskAsync(new(ClientOperation.CreateWithToken) { Scopes = ["voip"], Minutes = minutes });
        ClientAnswer issued = await session.AskAsync(new(ClientOperation.Issue) { Id = created.Id, Scopes = ["voip"], Minutes = minutes });

        Assert.All([created, issued], answer => Assert.Equal(session.Now.AddMinutes(minutes ?? 1440), answer.ExpiresOn));
    }

    [SkippableTheory]
    [MemberData(nameof(ClientsAndBadInputs))]
    public async Task Bad_input_gets_the_recorded_answer(ClientLanguage language, HostKind kind, string name)
    {
        ClientSession session = await sessions.GetAsync(language, kind);
        BadInput bad = BadInput.All[name];
        string? id = bad.Call.Id ?? (await session.AskAsync(new(ClientOperation.Create))).Id;
        long before = session.Emulator.RequestCount;

        ClientAnswer answer = await session.AskAsync(bad.Call with { Id = id });

        long sent = session.Emulator.RequestCount - before;
        if (language == ClientLanguage.JavaScript && bad.JavaScriptError is { } error)
        {
            Assert.Contains(error, answer.ClientError, StringComparison.Ordinal);
            Assert.Equal(0, sent);
        }
        else
        {
            string message = bad.Refusal.Message!.Replace("{endpoint}", session.Endpoint.AbsoluteUri, StringComparison.Ordinal);
            Assert.Equal((null, bad.Refusal with { Message = message }), (answer.ClientError, answer.Refusal));
            Assert.Equal(1, sent);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Clients))]
    public async Task Call_over_the_quota_is_answered_with_429(ClientLanguage language, HostKind kind)
    {
        var quota = new ThrottleOptions { Creates = 1, Issues = 1, Revokes = 1, Deletes = 1, Exchanges = 1 };
        await using ClientSession session = await ClientSession.StartAsync(language, kind, quota);
        ClientAnswer created = await session.AskAsync(new(ClientOperation.Create));
        Assert.NotNull(created.Id);
        ClientCall[] others =
        [
            new(ClientOperation.Issue) { Id = created.Id, Scopes = ["chat"] },
            new(ClientOperation.Revoke) { Id = created.Id },
            new(ClientOperation.Delete) { Id = created.Id },
            TeamsUser.Exchange(session.Now.AddHours(1)),
        ];
        foreach (ClientCall call in others)
        {
            ClientAnswer answer = await session.AskAsync(call);
            Assert.Equal((null, null), (answer.Refusal, answer.ClientError));
        }

        foreach (ClientCall call in (ClientCall[])[new(ClientOperation.Create), new(ClientOperation.CreateWithToken) { Scopes = ["chat"] }, .. others])
        {
            Assert.Equal(new Refusal(429, "TooManyRequests", "The resource's quota is used up."), (await session.AskAsync(call)).Refusal);
        }
    }

    private static TheoryData<ClientLanguage, HostKind, T> ClientsAnd<T>(params T[] values)
    {
        var rows = new TheoryData<ClientLanguage, HostKind, T>();
        foreach (object[] client in Clients())
        {
            Array.ForEach(values, value => rows.Add((ClientLanguage)client[0], (HostKind)client[1], value));
        }

        return rows;
    }

    private static void AssertDone(ClientAnswer answer) => Assert.Equal(new ClientAnswer(null, null, null, null, null), answer);
}
