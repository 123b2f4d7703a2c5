using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures the time that importing the module adds to a pwsh process, compared with a module of one empty cmdlet.</summary>
internal sealed class ImportCommand() : PowerShellCommand("import", "Time that importing the module adds to a new pwsh process, compared with an empty binary module.")
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 60;
    private const string EmptyModule = "[System.Management.Automation.Cmdlet(\"Get\", \"Nothing\")] public class GetNothing : System.Management.Automation.PSCmdlet { }";
    private const string EmptyTypes = "<Types><Type><Name>Nothing</Name><Members><NoteProperty><Name>Nothing</Name><Value>0</Value></NoteProperty></Members></Type></Types>";
    private const string EmptyViews = "<Configuration><ViewDefinitions /></Configuration>";

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        string emptyAssembly = Path.Combine(folder, "Empty.dll");
        await PowerShell.RunAsync($"Add-Type -OutputAssembly '{emptyAssembly}' -TypeDefinition '{EmptyModule}'", stopping);
        var race = new Race(
            Lane("nothing (bare pwsh)", ""),
            Import("an empty binary module", InstallEmpty("Empty", "")),
            Import("an empty binary module with a types file and a format file", InstallEmpty("EmptyWithViews", "TypesToProcess = 'Types.ps1xml'; FormatsToProcess = 'Format.ps1xml'")),
            Import("AcsIdentity", PowerShell.Module),
            Import("only the assembly of the empty module", emptyAssembly),
            Import("only the assembly of AcsIdentity", Path.Combine(Path.GetDirectoryName(PowerShell.Module)!, "Core", "AcsIdentity.dll")));
        await race.RunAsync(WarmUpRounds, stopping);
        IReadOnlyList<Race.Result> results = await race.RunAsync(Rounds, stopping);

        double bare = results[0].Figure;
        double empty = results[1].Figure - bare;
        var report = new Report("Import", "pwsh that imports", "ms", "added ms", "relative to an empty binary module");
        foreach (Race.Result result in results)
        {
            double added = result.Figure - bare;
            report.Add(
                result.Name,
                FormattableString.Invariant($"{1000 * result.Figure:N0}"),
                FormattableString.Invariant($"{1000 * added:N0}"),
                FormattableString.Invariant($"{added / empty:0.00}"));
        }

        Directory.Delete(folder, recursive: true);
        report.Print();

        // An installed module is a folder with a manifest and an assembly.
        string InstallEmpty(string name, string more)
        {
            string module = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            File.Copy(emptyAssembly, Path.Combine(module, "Empty.dll"));
            File.WriteAllText(
                Path.Combine(module, name + ".psd1"),
                $"@{{ RootModule = 'Empty.dll'; ModuleVersion = '1.0.0'; FunctionsToExport = @(); AliasesToExport = @(); VariablesToExport = @(); CmdletsToExport = 'Get-Nothing'; {more} }}");
            File.WriteAllText(Path.Combine(module, "Types.ps1xml"), EmptyTypes);
            File.WriteAllText(Path.Combine(module, "Format.ps1xml"), EmptyViews);
            return module;
        }
    }

    private static (string, Func<CancellationToken, Task<double>>) Import(string name, string path) => Lane(name, $"Import-Module '{path}'");

    private static (string, Func<CancellationToken, Task<double>>) Lane(string name, string command) =>
        (name, stopping => PowerShell.RunAsync(command, stopping));
}
