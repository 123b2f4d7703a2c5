using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>Clients that send or receive slowly. Runs alone, because it needs thousands of connections.</summary>
[CollectionDefinition(nameof(SlowClientTests), DisableParallelization = true)]
[Collection(nameof(SlowClientTests))]
public sealed class SlowClientTests
{
    private const int ClientsOfEachKind = 500;

    private const string Post = "POST /identities?api-version=2023-10-01 HTTP/1.1\r\nHost: localhost\r\n";

    private const string UnreadAnswer = "GET /emulator/requests HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /// <summary>This endpoint answers without looking at the body, so the rest of a body is left on the connection.</summary>
    private static readonly string _unwantedBody =
        "GET /common/v2.0/.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n" + new string('a', 70_000);

    /// <summary>How each kind begins. Then it sends a byte at a time.</summary>
    private static readonly string[] _slowHeads = ["", "POST /ident", Post + "X-Slow: "];

    private static readonly string[] _slowBodies =
        [Post + "Content-Length: 1000000000\r\n\r\n", Post + "Transfer-Encoding: chunked\r\n\r\n1000000\r\n", _unwantedBody, UnreadAnswer];

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Five_hundred_slow_clients_of_each_kind_do_not_stop_the_emulator(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        using var end = new CancellationTokenSource();
        IEnumerable<string> beginnings = Enumerable.Repeat(_slowHeads.Concat(_slowBodies), ClientsOfEachKind).SelectMany(kinds => kinds);
        var clients = new List<RawClient>();
        var trickles = new List<Task>();
        try
        {
            foreach (string beginning in beginnings)
            {
                RawClient client = await RawClient.ConnectAsync(host, beginning);
                clients.Add(client);
                // The client of an unread answer and the silent one send nothing more.
                if (beginning is not ("" or UnreadAnswer))
                {
                    trickles.Add(client.TrickleAsync(TimeSpan.FromMilliseconds(400), end.Token));
                }
            }

            for (int i = 0; i < 20; i++)
            {
                await AssertAnswersAsync(host);
                // Longer than the clients' pauses together, so that a host that blocks threads for them runs out of threads.
                await Task.Delay(200);
            }
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(trickles);
            clients.ForEach(client => client.Dispose());
        }

        await AssertAnswersAsync(host);
    }

    /// <summary>The host in this process cannot end a slow head: outside Windows, HttpListener has no time limit for it.</summary>
    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Slow_client_is_disconnected(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind, options: new EmulatorOptions { BodyTimeout = TimeSpan.FromMilliseconds(500) });
        FillRequestLog(host.Emulator);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        IEnumerable<string> beginnings = kind == HostKind.InProcess ? _slowBodies : _slowHeads.Skip(1).Concat(_slowBodies);

        await Task.WhenAll(beginnings.Select(async beginning =>
        {
            using RawClient client = await RawClient.ConnectAsync(host, beginning);
            await client.TrickleAsync(TimeSpan.FromMilliseconds(100), timeout.Token);
            Assert.False(timeout.IsCancellationRequested, $"The host has not disconnected a client that began with {beginning.Split('\r')[0]}");
        }));
    }

    /// <summary>Makes the unread answer so long that it does not fit into the buffers of a connection.</summary>
    private static void FillRequestLog(IdentityEmulator emulator)
    {
        // As JSON, each of these characters is six.
        var headers = new Dictionary<string, string> { ["User-Agent"] = new string('\u0001', 1000) };
        for (int i = 0; i < 1000; i++)
        {
            emulator.Handle(new EmulatorRequest { Method = "GET", RawTarget = "/" + new string('\u0001', 1000), Headers = headers });
        }
    }

    /// <summary>Makes a call on a new connection.</summary>
    private static async Task AssertAnswersAsync(EmulatorHost host)
    {
        IIdentityService service = new IdentityServiceFactory().Create(host.Endpoint, new ServiceCredential.AccessKey(Secret.FromText(host.Emulator.AccessKey)));

        Assert.NotNull(await service.CreateAsync([], null, TimeSpan.FromSeconds(30), CancellationToken.None));
        Assert.StartsWith(
            "HTTP/1.1 200 ", await RawClient.ExchangeAsync(host, "GET", "/emulator/clock"), StringComparison.Ordinal);
    }
}
