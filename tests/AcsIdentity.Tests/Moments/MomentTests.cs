using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Moments;

/// <summary>
/// Calls through a proxy that disturbs them, from fixed seeds. Each call succeeds or fails with one error, each identity is
/// accounted for, and no create is sent twice. The variable ACSIDENTITY_MOMENTS names other seeds: one, or a range such as 0-1999.
/// </summary>
public sealed class MomentTests(ITestOutputHelper output)
{
    /// <summary>How many runs share an emulator. Its log keeps 1,000 requests.</summary>
    private const int RunsOfEmulator = 25;

    [Fact]
    public async Task Every_disturbed_call_succeeds_or_fails_with_one_error()
    {
        int[] seeds = Seeds(Environment.GetEnvironmentVariable("ACSIDENTITY_MOMENTS") ?? "0-199");
        var results = new ConcurrentBag<MomentResult>();
        var problems = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            seeds.GroupBy(HostOf).SelectMany(group => group.Chunk(RunsOfEmulator)),
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (batch, _) => await RunAsync(batch, results, problems));

        output.WriteLine(Table(results));
        Assert.True(problems.IsEmpty, string.Join(Environment.NewLine, problems));
        // A proxy that disturbs nothing would prove nothing.
        int happened = results.Count(result => result.HasHappened);
        Assert.True(happened >= seeds.Length * 9 / 10, $"Only {happened} of {seeds.Length} disturbances happened.");
    }

    /// <summary>Makes runs on one emulator, up to the first problem.</summary>
    private static async Task RunAsync(int[] seeds, ConcurrentBag<MomentResult> results, ConcurrentBag<string> problems)
    {
        HostKind kind = HostOf(seeds[0]);
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        var account = new CallAccount(host.Emulator);
        foreach (int seed in seeds)
        {
            try
            {
                results.Add(await MomentRun.RunAsync(seed, host, kind, account));
                // Again without the proxy, because a delayed request may have arrived since.
                await account.CheckAsync();
            }
            catch (Exception problem)
            {
                problems.Add($"Seed {seed}: {problem}");
                return;
            }
        }
    }

    private static int[] Seeds(string range)
    {
        int[] ends = [.. range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        return [.. Enumerable.Range(ends[0], ends[^1] - ends[0] + 1)];
    }

    /// <summary>The host of a seed. On Windows, the system refuses requests to the in-process host that name the proxy's port.</summary>
    private static HostKind HostOf(int seed) => seed % 2 == 0 || OperatingSystem.IsWindows() ? HostKind.Kestrel : HostKind.InProcess;

    private static string Table(IReadOnlyCollection<MomentResult> results)
    {
        FailureKind[] failures = [.. results.SelectMany(result => result.Later.Append(result.Disturbed)).Select(call => call.Failure).OfType<FailureKind>().Distinct().Order()];
        var table = new StringBuilder();
        table.AppendLine("| disturbance | direction | calls | happened | succeeded | of these without token | " + string.Join(" | ", failures) + " |");
        foreach (var group in results.GroupBy(result => (result.Disturbance.Kind, result.Disturbance.Direction)).OrderBy(group => group.Key))
        {
            AppendRow($"{group.Key.Kind} | {group.Key.Direction}", group.Count(result => result.HasHappened), [.. group.Select(result => result.Disturbed)]);
        }

        AppendRow("all | both", results.Count(result => result.HasHappened), [.. results.Select(result => result.Disturbed)]);
        AppendRow("calls after it | both", happened: null, [.. results.SelectMany(result => result.Later)]);
        return table.ToString();

        void AppendRow(string title, int? happened, IReadOnlyList<MadeCall> calls) => table.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {title} | {calls.Count} | {happened} | {calls.Count(call => call.Failure is null)} | {calls.Count(call => call.LacksToken)} | {string.Join(" | ", failures.Select(failure => calls.Count(call => call.Failure == failure)))} |");
    }
}
