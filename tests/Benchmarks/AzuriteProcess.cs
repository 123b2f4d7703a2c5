using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>The Azurite that the tests have installed.</summary>
internal sealed class AzuriteProcess : IDisposable
{
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Process _process;

    private AzuriteProcess(Process process, int port)
    {
        _process = process;
        Table = new Uri($"http://127.0.0.1:{port}/{Account}/benchmark");
        ConnectionString = $"AccountName={Account};AccountKey={Key};TableEndpoint=http://127.0.0.1:{port}/{Account};";
    }

    public Uri Table { get; }

    public string ConnectionString { get; }

    /// <returns>Null if the tests have not installed it. A message says so.</returns>
    public static async Task<AzuriteProcess?> TryStartAsync(CancellationToken stopping)
    {
        string program = Path.GetFullPath("../../AcsIdentity.Tests/release/Ledger/Azurite/node_modules/azurite/dist/src/table/main.js", AppContext.BaseDirectory);
        if (!File.Exists(program))
        {
            Console.WriteLine("Azurite is not measured: the tests have not installed it. Run ./build.sh test -Name 'TableLedger*' first.");
            return null;
        }

        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        Process process = Process.Start(
            new ProcessStartInfo("node", [program, "--tablePort", $"{port}", "--inMemoryPersistence", "--silent", "--disableTelemetry"]) { RedirectStandardOutput = true })!;
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(stopping) ?? throw new InvalidOperationException("Azurite has ended.");
        }
        while (!line.Contains("successfully", StringComparison.Ordinal));
        return new AzuriteProcess(process, port);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
