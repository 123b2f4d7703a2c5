using System.Collections.Generic;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>The sessions that the tests of a class share. Each starts at its first use, because a client starts slowly.</summary>
public sealed class ClientSessions : IAsyncLifetime
{
    private readonly Dictionary<(ClientLanguage, HostKind), ClientSession> _sessions = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (ClientSession session in _sessions.Values)
        {
            await session.DisposeAsync();
        }
    }

    internal async Task<ClientSession> GetAsync(ClientLanguage language, HostKind kind)
    {
        if (!_sessions.TryGetValue((language, kind), out ClientSession? session))
        {
            session = await ClientSession.StartAsync(language, kind);
            _sessions.Add((language, kind), session);
        }

        return session;
    }
}
