using System;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Tests.Clients;

/// <summary>A running client with its own emulator, whose clock does not move.</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private readonly EmulatorHost _host;
    private readonly ClientProgram _program;

    private ClientSession(EmulatorHost host, ClientProgram program, DateTimeOffset now)
    {
        _host = host;
        _program = program;
        Now = now;
    }

    /// <summary>The emulator's time, in whole seconds: some clients drop fractions of a millisecond.</summary>
    public DateTimeOffset Now { get; }

    public IdentityEmulator Emulator => _host.Emulator;

    public Uri Endpoint => _host.Endpoint;

    public static async Task<ClientSession> StartAsync(ClientLanguage language, HostKind kind, ThrottleOptions? throttle = null, string? package = null)
    {
        InstalledClient client = await InstalledClient.GetAsync(language);
        var now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        EmulatorHost host = await EmulatorHost.StartAsync(kind, options: new EmulatorOptions { Clock = new ManualClock(now), Throttle = throttle });
        return new ClientSession(host, ClientProgram.Start(client, host.CertificatePath, package), now);
    }

    /// <summary>Makes a call to this emulator with the client, and with the emulator's key unless the call has another.</summary>
    public Task<ClientAnswer> AskAsync(ClientCall call) =>
        _program.AskAsync(call with { Endpoint = _host.Endpoint, AccessKey = call.AccessKey ?? Emulator.AccessKey });

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _host.DisposeAsync();
    }
}
