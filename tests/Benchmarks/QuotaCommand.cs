using System;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures how much of the service's quota the cmdlets use in two of its windows, and how often they are throttled.</summary>
internal sealed class QuotaCommand() : PowerShellCommand("quota", "How much of the service's quota the cmdlets use in two of its windows, and how often they are throttled.")
{
    private const int Windows = 2;

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        var quota = new ThrottleOptions();
        await using EmulatorHost emulator = await EmulatorHost.StartAsync(HostKind.Kestrel, options: new EmulatorOptions { Throttle = quota });
        using PowerShellSession session = await PowerShellSession.WithModuleAsync(stopping);
        await session.RunAsync($"[void](Connect-AcsIdentity '{emulator.ConnectionString}')", stopping);

        // Both windows are full, and one more call must wait for the next window.
        int creates = (Windows * quota.Creates) + 1;
        TimeSpan soonest = Windows * quota.Window;
        (double seconds, JsonElement errors) = await session.RunAsync(
            $"New-AcsIdentity -Count {creates} -ErrorAction SilentlyContinue -ErrorVariable errors | Out-Null; $errors.Count", stopping);
        long refused = emulator.Emulator.RequestCount - emulator.Emulator.IdentityCount;

        var report = new Report("Quota", "creates", "seconds", "seconds at full quota", "quota used", "429s", "429s of all requests", "errors shown");
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
