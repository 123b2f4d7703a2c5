using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ledger;
using AcsIdentity.Ports;
using Microsoft.Data.Sqlite;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures what the ledger costs a create, and reading a ledger of a million identities.</summary>
internal sealed class LedgerCommand() : PowerShellCommand("ledger", "Creating with a ledger, compared with none; reading a ledger of a million identities.")
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 9;
    private const int Creates = 1600;
    private const int InFlight = 8;
    private const int Identities = 1_000_000;
    private const int LookUps = 1000;
    private const double MiB = 1024 * 1024;

    private static readonly Uri _endpoint = new("https://contoso.communication.azure.com/");

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            await MeasureCreatesAsync(folder, stopping);
            await MeasureReadsAsync(folder, stopping);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureCreatesAsync(string folder, CancellationToken stopping)
    {
        using EmulatorProcess emulator = await EmulatorProcess.StartAsync(stopping, "--latency", "5");
        using AzuriteProcess? azurite = await AzuriteProcess.TryStartAsync(stopping);
        using PowerShellSession session = await PowerShellSession.WithModuleAsync(stopping);
        await ConnectAsync("none", "");
        await ConnectAsync("file", $"-Ledger '{Path.Combine(folder, "creates.db")}'");
        var lanes = new List<(string, Func<CancellationToken, Task<double>>)> { Lane("no ledger", "none"), Lane("SQLite file", "file") };
        if (azurite is not null)
        {
            await ConnectAsync("table", $"-Ledger '{azurite.Table}' -LedgerConnectionString (ConvertTo-SecureString '{azurite.ConnectionString}' -AsPlainText -Force)");
            lanes.Add(Lane("table in Azurite", "table"));
        }

        var race = new Race([.. lanes]);
        await race.RunAsync(WarmUpRounds, stopping);
        var report = new Report($"Creates, answers 5 ms late, {InFlight} in flight", "ledger", "creates/s", "relative to no ledger", "lowest to highest round");
        foreach (Race.Result result in await race.RunAsync(Rounds, stopping))
        {
            report.Add(result, unit: 1);
        }

        report.Print();

        Task ConnectAsync(string name, string ledger) => session.RunAsync(
            $"[void](Connect-AcsIdentity '{emulator.ConnectionString}' -Name {name} -CreateQuota {PowerShellSession.Quota} {ledger})", stopping);

        (string, Func<CancellationToken, Task<double>>) Lane(string name, string connection) => (
            name,
            async turnStopping => Creates / (await session.RunAsync(
                $"1..{Creates} | New-AcsIdentity -ThrottleLimit {InFlight} -Connection {connection} | Out-Null", turnStopping)).Seconds);
    }

    private static async Task MeasureReadsAsync(string folder, CancellationToken stopping)
    {
        string file = Path.Combine(folder, "million.db");
        string[] ids = await FillAsync(file);
        string[] wanted = [.. Enumerable.Range(0, LookUps).Select(i => ids[i * (Identities / LookUps)])];
        string list = Path.Combine(folder, "ids.txt");
        await File.WriteAllLinesAsync(list, wanted, stopping);

        using PowerShellSession session = await PowerShellSession.WithModuleAsync(stopping);
        await session.RunAsync($"[void](Connect-AcsIdentity -Endpoint {_endpoint} -AccessKey (ConvertTo-SecureString a2V5 -AsPlainText -Force) -Ledger '{file}')", stopping);
        await session.RunAsync($"$ids = [IO.File]::ReadAllLines('{list}'); $tags = foreach ($i in 0..{LookUps - 1}) {{ \"user$($i * {Identities / LookUps})@contoso.com\" }}", stopping);

        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        var race = new Race(
            ("SELECT by primary key, C# loop", _ => Task.FromResult(SelectByKey(connection))),
            ("Get-AcsIdentity -Id", turnStopping => LookUpAsync("Get-AcsIdentity -Id $ids | Out-Null", turnStopping)),
            ("Get-AcsIdentity -Tag", turnStopping => LookUpAsync("Get-AcsIdentity -Tag $tags | Out-Null", turnStopping)));
        await race.RunAsync(WarmUpRounds, stopping);
        var report = new Report($"{LookUps:N0} look-ups among {Identities:N0} identities", "look-up", "µs each", "relative to the primary key", "lowest to highest round");
        foreach (Race.Result result in await race.RunAsync(Rounds, stopping))
        {
            report.Add(result, unit: 1e6);
        }

        report.Print();

        double before = await WorkingSetAsync();
        (double seconds, _) = await session.RunAsync("Get-AcsIdentity | Out-Null", stopping);
        double after = await WorkingSetAsync();
        var memory = new Report("All of them through the pipeline", "identities", "seconds", "peak working set before", "peak working set after", "file, bytes an identity");
        memory.Add(
            FormattableString.Invariant($"{Identities:N0}"),
            FormattableString.Invariant($"{seconds:0.0}"),
            FormattableString.Invariant($"{before / MiB:N0} MiB"),
            FormattableString.Invariant($"{after / MiB:N0} MiB"),
            FormattableString.Invariant($"{new FileInfo(file).Length / Identities:N0}"));
        memory.Print();

        async Task<double> LookUpAsync(string command, CancellationToken turnStopping) => (await session.RunAsync(command, turnStopping)).Seconds / LookUps;

        async Task<double> WorkingSetAsync() => (await session.RunAsync("(Get-Process -Id $PID).PeakWorkingSet64", stopping)).Output.GetDouble();
    }

    private static double SelectByKey(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT * FROM identity WHERE key = $key";
        SqliteParameter key = command.Parameters.Add("$key", SqliteType.Integer);
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < LookUps; i++)
        {
            key.Value = 1 + (i * (Identities / LookUps));
            using SqliteDataReader row = command.ExecuteReader();
            row.Read();
            row.GetString(row.GetOrdinal("id"));
        }

        return watch.Elapsed.TotalSeconds / LookUps;
    }

    private static async Task<string[]> FillAsync(string file)
    {
        using IIdentityLedger ledger = new LedgerStoreFactory().File(file).Open(default);
        string[] ids = [.. Enumerable.Range(0, Identities).Select(_ => $"8:acs:8d8c3c1e-1b7a-4b0e-9a53-5c2d6f0a7b11_{Guid.NewGuid()}")];
        foreach (IEnumerable<(int Number, string Id)> group in ids.Select((id, number) => (number, id)).Chunk(1000))
        {
            await Task.WhenAll(group.Select(identity => ledger.ImportAsync(
                _endpoint, new IdentityRecord { Id = identity.Id, Tag = $"user{identity.Number}@contoso.com", CreatedOn = DateTimeOffset.UtcNow, CreatedBy = "benchmark" })));
        }

        return ids;
    }
}
