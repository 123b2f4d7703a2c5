using System.CommandLine;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Benchmarks;

var command = new RootCommand("Measures AcsIdentity and prints Markdown. Without a sub-command it runs every benchmark, each in a new process.")
{
    new HostsCommand(),
    new MemoryCommand(),
    new ImportCommand(),
    new ColdCommand(),
    new WarmCommand(),
    new CostCommand(),
    new QuotaCommand(),
    new GrowthCommand(),
    new LedgerCommand(),
};
command.SetAction(RunEachAsync);
return await command.Parse(args).InvokeAsync();

async Task<int> RunEachAsync(ParseResult parsed, CancellationToken stopping)
{
    foreach (Command benchmark in command.Subcommands)
    {
        using Process process = Process.Start("dotnet", [typeof(HostsCommand).Assembly.Location, benchmark.Name]);
        await process.WaitForExitAsync(stopping);
        if (process.ExitCode != 0)
        {
            return process.ExitCode;
        }
    }

    return 0;
}
