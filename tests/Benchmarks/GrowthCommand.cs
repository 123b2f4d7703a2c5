using System;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures time and memory of pipelines with more and more objects, each in a new process.</summary>
internal sealed class GrowthCommand() : PowerShellCommand("growth", "Time and memory of a pipeline of 1,000, 10,000 and 100,000 objects.")
{
    private const double MiB = 1024 * 1024;

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        var report = new Report("Growth", "objects", "ms per object", "relative to the first row", "working set after import", "peak working set", "relative to the first row");
        Measurement? first = null;
        foreach (int objects in (int[])[1_000, 10_000, 100_000])
        {
            Measurement measured = await MeasureAsync(objects, stopping);
            first ??= measured;
            report.Add(
                FormattableString.Invariant($"{objects:N0}"),
                FormattableString.Invariant($"{1000 * measured.SecondsEach:0.000}"),
                FormattableString.Invariant($"{measured.SecondsEach / first.SecondsEach:0.00}"),
                FormattableString.Invariant($"{measured.Imported / MiB:N0} MiB"),
                FormattableString.Invariant($"{measured.Peak / MiB:N0} MiB"),
                FormattableString.Invariant($"{(double)measured.Peak / first.Peak:0.00}"));
        }

        report.Print();
    }

    private static async Task<Measurement> MeasureAsync(int objects, CancellationToken stopping)
    {
        await using EmulatorHost emulator = await EmulatorHost.StartAsync(HostKind.Kestrel);
        using PowerShellSession session = await PowerShellSession.WithModuleAsync(stopping);
        long imported = await MemoryAsync("WorkingSet64");
        await session.ConnectAsync(emulator.ConnectionString, stopping);
        // Warm-up: code that is compiled once must not count.
        await RunAsync(1_000);
        double seconds = await RunAsync(objects);
        return new Measurement(seconds / objects, imported, await MemoryAsync("PeakWorkingSet64"));

        async Task<double> RunAsync(int count) =>
            (await session.RunAsync($"New-AcsIdentity -Count {count} | Get-AcsToken -Scope chat | Out-Null", stopping)).Seconds;

        async Task<long> MemoryAsync(string property) =>
            (await session.RunAsync($"[Diagnostics.Process]::GetCurrentProcess().{property}", stopping)).Output.GetInt64();
    }

    private sealed record Measurement(double SecondsEach, long Imported, long Peak);
}
