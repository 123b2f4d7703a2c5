using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Azure.Communication.Identity;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures a whole process that creates one identity with a token: with the cmdlets, and with the alternatives.</summary>
internal sealed class ColdCommand() : PowerShellCommand("cold", "Time of a whole process that creates one identity with a token.")
{
    private const int WarmUpRounds = 2;
    private const int Rounds = 15;

    private const string JavaScript = """
        import { CommunicationIdentityClient } from "@azure/communication-identity";
        await new CommunicationIdentityClient(process.argv[1], { allowInsecureConnection: true }).createUserAndToken(["chat"]);
        """;

    private static string JavaScriptFolder { get; } = Path.Combine(AppContext.BaseDirectory, "JavaScript");

    protected override async Task MeasureAsync(CancellationToken stopping)
    {
        await using EmulatorHost emulator = await EmulatorHost.StartAsync(HostKind.Kestrel);
        string connectionString = emulator.ConnectionString;
        string module = $"Import-Module '{PowerShell.Module}'; [void](Connect-AcsIdentity '{connectionString}'); [void](New-AcsIdentity -Scope chat)";
        // The shortest script for somebody who knows the assembly. PowerShell finds the others in the same folder.
        string sdk = Path.Combine(PowerShell.Libraries, Path.GetFileName(typeof(CommunicationIdentityClient).Assembly.Location));
        string byHand = $"""
            Add-Type -Path '{sdk}'
            $client = [{typeof(CommunicationIdentityClient)}]::new('{connectionString}')
            [void]$client.CreateUserAndToken([{typeof(CommunicationTokenScope)}[]]'chat')
            """;
        var lanes = new List<(string, Func<CancellationToken, Task<double>>)>
        {
            ("pwsh, SDK loaded by hand", turnStopping => PowerShell.RunAsync(byHand, turnStopping)),
            ("pwsh, AcsIdentity", turnStopping => PowerShell.RunAsync(module, turnStopping)),
            ("bare pwsh", turnStopping => PowerShell.RunAsync("", turnStopping)),
        };
        if (await InstallJavaScriptAsync(stopping))
        {
            lanes.Add(("node, Microsoft's JavaScript client", turnStopping => RunJavaScriptAsync(connectionString, turnStopping)));
        }

        var race = new Race([.. lanes]);
        await race.RunAsync(WarmUpRounds, stopping);
        var report = new Report("Cold", "process", "ms", "relative to the SDK loaded by hand", "lowest to highest round");
        foreach (Race.Result result in await race.RunAsync(Rounds, stopping))
        {
            report.Add(result, unit: 1000);
        }

        report.Print();
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
