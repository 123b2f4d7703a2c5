using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>What importing the module adds to the start of pwsh, beside what a module of one empty cmdlet adds.</summary>
internal sealed class ImportCommand() : PowerShellCommand("import", "What importing the module adds to the start of pwsh, beside an empty binary module.")
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 25;
    private const string EmptyModule = "[System.Management.Automation.Cmdlet(\"Get\", \"Nothing\")] public class GetNothing : System.Management.Automation.PSCmdlet { }";

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string empty = Path.Combine(folder, "Empty.dll");
        await PowerShell.RunAsync($"Add-Type -OutputAssembly '{empty}' -TypeDefinition '{EmptyModule}'", stopping);
        var race = new Race(
            ("bare pwsh", turnStopping => PowerShell.RunAsync("", turnStopping)),
            ("an empty binary module", turnStopping => PowerShell.RunAsync($"Import-Module '{empty}'", turnStopping)),
            ("AcsIdentity", turnStopping => PowerShell.RunAsync($"Import-Module '{PowerShell.Module}'", turnStopping)));
        await race.RunAsync(WarmUpRounds, stopping);
        IReadOnlyList<Race.Result> results = await race.RunAsync(Rounds, stopping);
        Directory.Delete(folder, recursive: true);

        double bare = results[0].Figure;
        double emptyModuleAdds = results[1].Figure - bare;
        var report = new Report("Import", "import of", "ms", "added ms", "of what the empty one adds");
        foreach (Race.Result result in results)
        {
            double added = result.Figure - bare;
            report.Add(
                result.Name,
                FormattableString.Invariant($"{1000 * result.Figure:N0}"),
                FormattableString.Invariant($"{1000 * added:N0}"),
                FormattableString.Invariant($"{added / emptyModuleAdds:0.00}"));
        }

        report.Print();
    }
}
