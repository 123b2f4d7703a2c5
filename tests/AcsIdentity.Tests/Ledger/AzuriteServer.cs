using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Ledger;

/// <summary>Microsoft's Azurite, in the version that Azurite/package.json pins: a table service on loopback, with its data in memory.</summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>The account that each Azurite has, with its published key.</summary>
    public const string AccountName = "devstoreaccount1";
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Ledger", "Azurite");
    private static readonly Lazy<Task> _installed = new(InstallAsync);

    private readonly Process _process;

    private AzuriteServer(Process process, Uri account)
    {
        _process = process;
        Account = account;
    }

    /// <summary>The table service of the account.</summary>
    public Uri Account { get; }

    public string ConnectionString => ConnectionStringFor(Account);

    public static string ConnectionStringFor(Uri account) => $"AccountName={AccountName};AccountKey={AccountKey};TableEndpoint={account.AbsoluteUri.TrimEnd('/')};";

    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="options">More options of the program.</param>
    /// <exception cref="SkipException">Azurite cannot be installed; the message says why.</exception>
    public static async Task<AzuriteServer> StartAsync(int port = 0, params string[] options)
    {
        await _installed.Value;
        int listening = port == 0 ? FreePort() : port;
        List<string> arguments =
        [
            Path.Combine(_folder, "node_modules", "azurite", "dist", "src", "table", "main.js"),
            "--tablePort", listening.ToString(CultureInfo.InvariantCulture), "--inMemoryPersistence", "--silent", "--disableTelemetry", .. options,
        ];
        var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true })!;
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("Azurite has ended.");
        }
        while (!line.Contains("successfully", StringComparison.Ordinal));
        _ = process.StandardOutput.ReadToEndAsync();
        string scheme = Array.IndexOf(options, "--cert") < 0 ? "http" : "https";
        return new AzuriteServer(process, new Uri($"{scheme}://127.0.0.1:{listening}/{AccountName}/"));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task InstallAsync()
    {
        string? missing = await ExternalProgram.RunAsync(new ProcessStartInfo("node", ["--version"]));
        Skip.If(missing is not null, "Node.js is not installed: " + missing);
        string? problem = await ExternalProgram.RunAsync(Npm.InstallIn(_folder));
        Skip.If(problem is not null, "npm cannot install Azurite: " + problem);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
