using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>A benchmark of the cmdlets. Without PowerShell it is skipped, with a message.</summary>
internal abstract class PowerShellCommand : Command
{
    protected PowerShellCommand(string name, string description)
        : base(name, description)
    {
        SetAction(async (_, stopping) =>
        {
            if (await PowerShell.IsInstalledAsync(stopping))
            {
                Console.WriteLine(await PowerShell.DescribeAsync(stopping));
                Console.WriteLine();
                await MeasureAsync(stopping);
            }
            else
            {
                Console.WriteLine($"{name}: SKIPPED, because PowerShell was not found. Run it with build.ps1 Bench, or put pwsh on the PATH.");
            }
        });
    }

    protected abstract Task MeasureAsync(CancellationToken stopping);
}
