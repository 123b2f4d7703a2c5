using System;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Benchmarks;

/// <summary>How much of the service's quota the cmdlets use over two of its windows, and how often they run into it.</summary>
internal sealed class QuotaCommand() : PowerShellCommand("quota", "How much of the service's quota the cmdlets use over two of its windows, and how often they run into it.")
{
    private const int Windows = 2;

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        var quota = new ThrottleOptions();
        await using EmulatorHost emulator = await EmulatorHost.StartAsync(HostKind.Kestrel, options: new EmulatorOptions { Throttle = quota });
        using PowerShellSession session = await PowerShellSession.WithModuleAsync(stopping);
        await session.RunAsync($"[void](Connect-AcsIdentity '{emulator.ConnectionString}')", stopping);

        // Both windows full, and the first call of the next one: that cannot be answered before the two are over.
        int creates = (Windows * quota.Creates) + 1;
        TimeSpan soonest = Windows * quota.Window;
        (double seconds, JsonElement errors) = await session.RunAsync(
            $"New-AcsIdentity -Count {creates} -ErrorAction SilentlyContinue -ErrorVariable errors | Out-Null; $errors.Count", stopping);
        long refused = emulator.Emulator.RequestCount - emulator.Emulator.IdentityCount;

        var report = new Report("Quota", "creates", "seconds", "seconds at the quota", "of the quota", "answers with 429", "of the requests", "errors shown");
        report.Add(
            FormattableString.Invariant($"{creates:N0}"),
            FormattableString.Invariant($"{seconds:0.0}"),
            FormattableString.Invariant($"{soonest.TotalSeconds:0.0}"),
            FormattableString.Invariant($"{soonest.TotalSeconds / seconds:0.0 %}"),
            FormattableString.Invariant($"{refused:N0}"),
            FormattableString.Invariant($"{(double)refused / emulator.Emulator.RequestCount:0.0 %}"),
            errors.ToString());
        report.Print();
    }
}
