using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>A pwsh process that runs one command after another, and measures each inside the process.</summary>
internal sealed class PowerShellSession : IDisposable
{
    /// <summary>High enough that no call waits. Each call is still counted, as with the service's quota.</summary>
    public const int Quota = 1_000_000_000;

    private readonly Process _process;

    public PowerShellSession()
    {
        ProcessStartInfo start = PowerShell.Script(Path.Combine(AppContext.BaseDirectory, "PowerShellSession.ps1"));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
    }

    /// <summary>Starts a session that has imported the module.</summary>
    public static async Task<PowerShellSession> WithModuleAsync(CancellationToken stopping)
    {
        var session = new PowerShellSession();
        await session.RunAsync($"Import-Module '{PowerShell.Module}'", stopping);
        return session;
    }

    /// <summary>Connects to an emulator that has no quota.</summary>
    public Task ConnectAsync(string connectionString, CancellationToken stopping) =>
        RunAsync($"[void](Connect-AcsIdentity '{connectionString}' -CreateQuota {Quota} -IssueQuota {Quota})", stopping);

    /// <summary>Runs a command of one line.</summary>
    /// <returns>The seconds that the command took, and its output.</returns>
    /// <exception cref="InvalidOperationException">The command failed. PowerShell has written the reason to the error stream.</exception>
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
        // The script ends when its input ends.
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
