using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>A benchmark of the cmdlets. They need PowerShell; without one the benchmark says so.</summary>
internal abstract class PowerShellCommand : Command
{
    protected PowerShellCommand(string name, string description)
        : base(name, description)
    {
        SetAction(async (_, stopping) =>
        {
            if (await PowerShell.IsInstalledAsync(stopping))
            {
                await MeasureAsync(stopping);
            }
            else
            {
                Console.WriteLine($"{name}: SKIPPED, there is no PowerShell: run it by build.ps1 Bench, or put pwsh on the PATH.");
            }
        });
    }

    protected abstract Task MeasureAsync(CancellationToken stopping);
}
