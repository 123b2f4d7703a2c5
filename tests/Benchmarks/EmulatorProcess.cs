using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>The emulator in a separate process, so that its work does not count as a client's.</summary>
internal sealed class EmulatorProcess : IDisposable
{
    private readonly Process _process;

    private EmulatorProcess(Process process, string connectionString)
    {
        _process = process;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public static async Task<EmulatorProcess> StartAsync(CancellationToken stopping, params string[] options)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "AcsIdentity.Emulator.Server.dll");
        Process process = Process.Start(new ProcessStartInfo("dotnet", [program, "--port", "0", .. options]) { RedirectStandardOutput = true })!;
        string line = await process.StandardOutput.ReadLineAsync(stopping) ?? throw new InvalidOperationException("The emulator did not start.");
        return new EmulatorProcess(process, line[line.IndexOf("endpoint=", StringComparison.Ordinal)..]);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
