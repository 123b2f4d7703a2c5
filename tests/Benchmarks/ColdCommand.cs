using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Azure.Communication.Identity;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures a whole process that creates one identity with a token: with the cmdlets, and with the alternatives.</summary>
internal sealed class ColdCommand() : PowerShellCommand("cold", "Time of a whole process that creates one identity with a token.")
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 30;

    private static readonly string[] _steps = ["import", "connect", "first create with a token", "second create with a token"];

    private const string JavaScript = """
        import { CommunicationIdentityClient } from "@azure/communication-identity";
        await new CommunicationIdentityClient(process.argv[1], { allowInsecureConnection: true }).createUserAndToken(["chat"]);
        """;

    private static string JavaScriptFolder { get; } = Path.Combine(AppContext.BaseDirectory, "JavaScript");

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        await using EmulatorHost emulator = await EmulatorHost.StartAsync(HostKind.Kestrel);
        string connectionString = emulator.ConnectionString;
        string[] module = [$"Import-Module '{PowerShell.Module}'", $"[void](Connect-AcsIdentity '{connectionString}')", "[void](New-AcsIdentity -Scope chat)"];
        // The leanest script for somebody who knows the assembly. .NET finds the others in the same folder. Add-Type would take as long as the module.
        string sdk = Path.Combine(PowerShell.Libraries, Path.GetFileName(typeof(CommunicationIdentityClient).Assembly.Location));
        string[] byHand =
        [
            $"[void][Reflection.Assembly]::LoadFrom('{sdk}')",
            $"$client = [{typeof(CommunicationIdentityClient)}]::new('{connectionString}')",
            $"[void]$client.CreateUserAndToken([{typeof(CommunicationTokenScope)}[]]'chat')",
        ];
        var lanes = new List<(string, Func<CancellationToken, Task<double>>)>
        {
            ("pwsh, SDK loaded by hand", turnStopping => PowerShell.RunAsync(string.Join("; ", byHand), turnStopping)),
            ("pwsh, AcsIdentity", turnStopping => PowerShell.RunAsync(string.Join("; ", module), turnStopping)),
            ("bare pwsh", turnStopping => PowerShell.RunAsync("", turnStopping)),
        };
        if (await InstallJavaScriptAsync(stopping))
        {
            lanes.Add(("node, Microsoft's JavaScript client", turnStopping => RunJavaScriptAsync(connectionString, turnStopping)));
        }

        var race = new Race([.. lanes]);
        await race.RunAsync(WarmUpRounds, stopping);
        IReadOnlyList<Race.Result> results = await race.RunAsync(Rounds, stopping);
        double bare = results[2].Figure;
        double byHandAdds = results[0].Figure - bare;
        var report = new Report("Cold", "process", "ms", "added to bare pwsh, ms", "relative to the SDK loaded by hand");
        foreach (Race.Result result in results)
        {
            bool isPowerShell = result.Name.StartsWith("pwsh", StringComparison.Ordinal);
            report.Add(
                result.Name,
                FormattableString.Invariant($"{1000 * result.Figure:N0}"),
                isPowerShell ? FormattableString.Invariant($"{1000 * (result.Figure - bare):N0}") : "",
                isPowerShell ? FormattableString.Invariant($"{(result.Figure - bare) / byHandAdds:0.00}") : "");
        }

        report.Print();
        await MeasureStepsAsync(byHand, module, stopping);
    }

    /// <summary>Measures the steps inside the process. The last one is made twice: the second time, all is loaded.</summary>
    private static async Task MeasureStepsAsync(string[] byHand, string[] module, CancellationToken stopping)
    {
        var times = new List<(double[] ByHand, double[] Module)>();
        for (int round = 0; round < Rounds; round++)
        {
            times.Add((await ReadStepsAsync(byHand, stopping), await ReadStepsAsync(module, stopping)));
        }

        var report = new Report("Cold, inside the process", "step", "SDK loaded by hand, ms", "AcsIdentity, ms", "relative to the SDK loaded by hand");
        for (int step = 0; step < _steps.Length; step++)
        {
            Add(_steps[step], steps => steps[step]);
        }

        Add("import to the end of the first create", steps => steps[..^1].Sum());
        report.Print();

        void Add(string name, Func<double[], double> timeOf) => report.Add(
            name,
            FormattableString.Invariant($"{Race.Median([.. times.Select(time => timeOf(time.ByHand))]):N1}"),
            FormattableString.Invariant($"{Race.Median([.. times.Select(time => timeOf(time.Module))]):N1}"),
            FormattableString.Invariant($"{Race.Median([.. times.Select(time => timeOf(time.Module) / timeOf(time.ByHand))]):0.00}"));
    }

    private static async Task<double[]> ReadStepsAsync(string[] steps, CancellationToken stopping)
    {
        string timed = string.Concat(steps.Append(steps[^1]).Select(step => $"{step}; $times += $watch.Elapsed.TotalMilliseconds; $watch.Restart(); "));
        // Not [Diagnostics.Stopwatch]: the first type in brackets makes PowerShell read the names of all types in all assemblies, and the first step pays for that.
        const string Start = "$watch = ''.GetType().Assembly.GetType('System.Diagnostics.Stopwatch')::StartNew()";
        string output = await PowerShell.ReadAsync($"$times = @(); {Start}; {timed}$times -join ' '", stopping);
        return [.. output.Trim().Split(' ').Select(time => double.Parse(time, CultureInfo.InvariantCulture))];
    }

    private static async Task<bool> InstallJavaScriptAsync(CancellationToken stopping)
    {
        try
        {
            await TimedProcess.RunAsync(Npm.InstallIn(JavaScriptFolder), stopping);
            return true;
        }
        catch (Exception problem) when (problem is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            Console.WriteLine($"The JavaScript client is SKIPPED: {problem.Message}");
            return false;
        }
    }

    private static Task<double> RunJavaScriptAsync(string connectionString, CancellationToken stopping) => TimedProcess.RunAsync(
        new ProcessStartInfo("node", ["--input-type=module", "--eval", JavaScript, connectionString]) { WorkingDirectory = JavaScriptFolder },
        stopping);
}
