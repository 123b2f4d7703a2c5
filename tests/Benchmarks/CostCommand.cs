using System;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures the time that the cmdlets themselves need for an object. The service answers at once.</summary>
internal sealed class CostCommand() : PowerShellCommand("cost", "Time that the cmdlets themselves need for an object, with a service that answers at once.")
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 9;
    private const int Objects = 100_000;

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        using PowerShellSession session = await PowerShellSession.WithModuleAsync(stopping);
        await session.RunAsync($"Add-Type -Path '{typeof(InstantService).Assembly.Location}'; $service = @{{ Connection = [{typeof(InstantService)}]::Connect() }}", stopping);
        await session.RunAsync($"$ids = @((New-AcsIdentity @service).Id) * {Objects}", stopping);
        var race = new Race(
            Lane("$ids | Write-Output | Out-Null"),
            Lane($"New-AcsIdentity -Count {Objects} @service | Out-Null"),
            Lane("$ids | Get-AcsToken -Scope chat @service | Out-Null"),
            Lane("$ids | Revoke-AcsToken @service"),
            Lane("$ids | Remove-AcsIdentity -Force @service"));
        await race.RunAsync(WarmUpRounds, stopping);

        var report = new Report("Cost of the cmdlets", "command", "µs per object");
        foreach (Race.Result result in await race.RunAsync(Rounds, stopping))
        {
            report.Add(result.Name.Replace("|", "\\|", StringComparison.Ordinal), FormattableString.Invariant($"{1e6 * result.Figure / Objects:0.0}"));
        }

        report.Print();

        (string, Func<CancellationToken, Task<double>>) Lane(string command) =>
            ($"`{command}`", async turnStopping => (await session.RunAsync(command, turnStopping)).Seconds);
    }
}
