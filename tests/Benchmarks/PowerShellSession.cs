using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>A pwsh that runs one command after another, and tells how long each took inside.</summary>
internal sealed class PowerShellSession : IDisposable
{
    /// <summary>So many that no call ever waits, but each is counted, as it is with the service's own numbers.</summary>
    private const int Quota = 1_000_000_000;

    private readonly Process _process;

    public PowerShellSession()
    {
        ProcessStartInfo start = PowerShell.Script(Path.Combine(AppContext.BaseDirectory, "PowerShellSession.ps1"));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
    }

    /// <summary>One that has the module imported.</summary>
    public static async Task<PowerShellSession> WithModuleAsync(CancellationToken stopping)
    {
        var session = new PowerShellSession();
        await session.RunAsync($"Import-Module '{PowerShell.Module}'", stopping);
        return session;
    }

    /// <summary>Connects to an emulator that has no quota.</summary>
    public Task ConnectAsync(string connectionString, CancellationToken stopping) =>
        RunAsync($"[void](Connect-AcsIdentity '{connectionString}' -CreateQuota {Quota} -IssueQuota {Quota})", stopping);

    /// <summary>Runs a command, of one line.</summary>
    /// <returns>How many seconds it took, and what it wrote.</returns>
    /// <exception cref="InvalidOperationException">It failed. PowerShell has said why on the error stream.</exception>
    public async Task<(double Seconds, JsonElement Output)> RunAsync(string command, CancellationToken stopping)
    {
        await _process.StandardInput.WriteLineAsync(command.AsMemory(), stopping);
        string answer = await _process.StandardOutput.ReadLineAsync(stopping) ?? throw new InvalidOperationException($"PowerShell failed at: {command}");
        using var json = JsonDocument.Parse(answer);
        return (json.RootElement.GetProperty("seconds").GetDouble(), json.RootElement.GetProperty("output").Clone());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The end of its input is the end of the script.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
