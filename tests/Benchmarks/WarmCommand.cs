using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Azure.Communication;
using Azure.Communication.Identity;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures requests per second of the cmdlets, compared with a C# loop on the client library with as many in flight.</summary>
internal sealed class WarmCommand() : PowerShellCommand("warm", "Requests per second of the cmdlets, compared with a C# loop on the client library.")
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 9;
    private const int Identities = 100;

    private readonly Report _report = new(
        "Warm", "latency", "operation", "in flight", "client", "requests/s", "relative to the C# loop", "lowest to highest round");

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        await MeasureAsync(latency: 0, callsEach: 1000, stopping);
        await MeasureAsync(latency: 5, callsEach: 200, stopping);
        _report.Print();
    }

    /// <param name="latency">The latency of every answer, in milliseconds.</param>
    /// <param name="callsEach">The calls of one turn, divided by the number in flight.</param>
    /// <param name="stopping">Stops the measurement.</param>
    private async Task MeasureAsync(int latency, int callsEach, CancellationToken stopping)
    {
        using EmulatorProcess emulator = await EmulatorProcess.StartAsync(stopping, "--latency", latency.ToString(CultureInfo.InvariantCulture));
        using PowerShellSession session = await PowerShellSession.WithModuleAsync(stopping);
        await session.ConnectAsync(emulator.ConnectionString, stopping);
        await session.RunAsync($"$ids = (New-AcsIdentity -Count {Identities}).Id", stopping);
        var client = new CommunicationIdentityClient(emulator.ConnectionString);
        var users = new List<CommunicationUserIdentifier>();
        for (int i = 0; i < Identities; i++)
        {
            users.Add(await client.CreateUserAsync(stopping));
        }

        CommunicationTokenScope[] scopes = [CommunicationTokenScope.Chat];
        foreach (int inFlight in (int[])[1, 8])
        {
            int calls = callsEach * inFlight;
            await RaceAsync(
                "create",
                async (_, turnStopping) => await client.CreateUserAsync(turnStopping),
                $"New-AcsIdentity -Count {calls} -ThrottleLimit {inFlight} | Out-Null");
            await RaceAsync(
                "issue",
                async (i, turnStopping) => await client.GetTokenAsync(users[i % Identities], scopes, turnStopping),
                $"$ids * {calls / Identities} | Get-AcsToken -Scope chat -ThrottleLimit {inFlight} | Out-Null");

            async Task RaceAsync(string operation, Func<int, CancellationToken, ValueTask> call, string command)
            {
                var race = new Race(
                    ("C# loop", turnStopping => LoopAsync(calls, inFlight, call, turnStopping)),
                    ("cmdlets", async turnStopping => calls / (await session.RunAsync(command, turnStopping)).Seconds));
                await race.RunAsync(WarmUpRounds, stopping);
                foreach (Race.Result result in await race.RunAsync(Rounds, stopping))
                {
                    _report.Add(result, unit: 1, $"{latency} ms", operation, inFlight.ToString(CultureInfo.InvariantCulture));
                }
            }
        }
    }

    /// <returns>Calls per second.</returns>
    private static async Task<double> LoopAsync(int calls, int inFlight, Func<int, CancellationToken, ValueTask> call, CancellationToken stopping)
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = stopping }, call);
        return calls / watch.Elapsed.TotalSeconds;
    }
}
