using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>What importing the module takes in a fresh pwsh, beside a module of one empty cmdlet.</summary>
internal sealed class ImportCommand() : PowerShellCommand("import", "What importing the module takes in a fresh pwsh, beside an empty binary module.")
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 25;
    private const string EmptyModule = "[System.Management.Automation.Cmdlet(\"Get\", \"Nothing\")] public class GetNothing : System.Management.Automation.PSCmdlet { }";

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string assembly = Path.Combine(folder, "Empty.dll");
        string manifest = Path.Combine(folder, "Empty.psd1");
        await PowerShell.RunAsync($"Add-Type -OutputAssembly '{assembly}' -TypeDefinition '{EmptyModule}'", stopping);
        await PowerShell.RunAsync($"New-ModuleManifest '{manifest}' -RootModule Empty.dll -CmdletsToExport Get-Nothing -FunctionsToExport @() -AliasesToExport @() -VariablesToExport @()", stopping);
        var race = new Race(
            Lane("an empty binary module", assembly),
            Lane("AcsIdentity's assembly alone", Path.Combine(PowerShell.Module, "net8.0", "AcsIdentity.dll")),
            Lane("the empty one with a manifest", manifest),
            Lane("AcsIdentity", PowerShell.Module),
            ("bare pwsh, from its start to its end", turnStopping => PowerShell.RunAsync("", turnStopping)));
        await race.RunAsync(WarmUpRounds, stopping);

        var report = new Report("Import", "import of", "ms", "of an empty binary module", "lowest to highest round");
        report.AddTimes(await race.RunAsync(Rounds, stopping));

        Directory.Delete(folder, recursive: true);
        report.Print();
    }

    private static (string, Func<CancellationToken, Task<double>>) Lane(string name, string path)
    {
        return (name, ImportAsync);

        async Task<double> ImportAsync(CancellationToken stopping)
        {
            using var session = new PowerShellSession();
            return (await session.RunAsync($"Import-Module '{path}'", stopping)).Seconds;
        }
    }
}
