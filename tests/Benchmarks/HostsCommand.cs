using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures creates and issues per second on both hosts of the emulator, compared with hosts that do nothing else.</summary>
internal sealed class HostsCommand : Command
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 7;
    private const int Identities = 100;
    private const string Query = "?api-version=2023-10-01";

    private static readonly TimeSpan _turn = TimeSpan.FromSeconds(0.5);

    public HostsCommand()
        : base("hosts", "Creates and issues per second on both hosts, compared with hosts that do nothing else.")
    {
        SetAction((_, stopping) => RunAsync(stopping));
    }

    private static async Task RunAsync(CancellationToken stopping)
    {
        await using BareKestrel bareKestrel = await BareKestrel.StartAsync();
        using var bareListener = new BareHttpListener();
        await using EmulatorHost kestrel = await EmulatorHost.StartAsync(HostKind.Kestrel);
        await using EmulatorHost inProcess = await EmulatorHost.StartAsync(HostKind.InProcess);
        var races = new List<(string Operation, int Connections, Race Race)>();
        var loads = new List<Load>();
        foreach (int connections in (int[])[1, 8])
        {
            races.Add(("create", connections, RaceOf(connections, Creates)));
            races.Add(("issue", connections, RaceOf(connections, Issues)));
        }

        // Warm up all races before measuring one: the runtime recompiles code that is used often.
        foreach ((_, _, Race race) in races)
        {
            await race.RunAsync(WarmUpRounds, stopping);
        }

        var report = new Report("Throughput of the hosts", "operation", "connections", "host", "requests/s", "relative to bare Kestrel", "lowest to highest round");
        foreach ((string operation, int connections, Race race) in races)
        {
            foreach (Race.Result result in await race.RunAsync(Rounds, stopping))
            {
                report.Add(result, unit: 1, operation, connections.ToString(CultureInfo.InvariantCulture));
            }
        }

        loads.ForEach(load => load.Dispose());
        report.Print();

        Race RaceOf(int connections, Func<EmulatorHost, EmulatorRequest[]> requestsTo)
        {
            EmulatorRequest[] toKestrel = requestsTo(kestrel);
            // HttpListener answers only requests with its own name and port.
            EmulatorRequest[] toBareListener = Array.ConvertAll(toKestrel, request => request.With(("Host", bareListener.Endpoint.Authority)));
            return new Race(
                Lane("bare Kestrel", bareKestrel.Endpoint, toKestrel, connections),
                Lane("bare HttpListener", bareListener.Endpoint, toBareListener, connections),
                Lane("Kestrel", kestrel.Endpoint, toKestrel, connections),
                Lane("in process", inProcess.Endpoint, requestsTo(inProcess), connections));
        }

        (string, Func<CancellationToken, Task<double>>) Lane(string host, Uri endpoint, EmulatorRequest[] requests, int connections)
        {
            var load = new Load(endpoint, requests, connections);
            loads.Add(load);
            return (host, turnStopping => load.RunAsync(_turn, turnStopping));
        }
    }

    private static EmulatorRequest[] Creates(EmulatorHost host) => [Signed(host, $"/identities{Query}", "")];

    /// <summary>Several identities, so that the emulator keeps few records of tokens for each.</summary>
    private static EmulatorRequest[] Issues(EmulatorHost host) => Enumerable.Range(0, Identities)
        .Select(_ =>
        {
            using var created = JsonDocument.Parse(host.Emulator.Handle(Creates(host)[0]).Body);
            string id = created.RootElement.GetProperty("identity").GetProperty("id").GetString()!;
            return Signed(host, $"/identities/{id}/:issueAccessToken{Query}", """{"scopes":["chat"]}""");
        })
        .ToArray();

    private static EmulatorRequest Signed(EmulatorHost host, string target, string body) =>
        SignedRequest.Create(host.Emulator.AccessKey, "POST", target, body, host: host.Endpoint.Authority);
}
