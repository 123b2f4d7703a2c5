using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Server;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>The emulator as a program.</summary>
public sealed class ServerProgramTests
{
    private const string Tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    private const string Client = "2dee53b4-368b-45b4-ab52-8493fb117652";

    [SkippableFact]
    public async Task Program_prints_its_connections_serves_both_schemes_and_stops_cleanly()
    {
        Skip.If(OperatingSystem.IsWindows(), "There is no SIGTERM on Windows.");
        string pem = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using Process server = Start(
            "--port", "0", "--https-port", "0", "--access-key", "c2VjcmV0", "--certificate-path", pem,
            "--tenant-id", Tenant, "--client-id", Client, "--client-secret", "s3cret");
        try
        {
            Uri http = ReadyLine(await server.StandardOutput.ReadLineAsync(), "http");
            Assert.Contains("allowInsecureConnection: true", await server.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
            Uri https = ReadyLine(await server.StandardOutput.ReadLineAsync(), "https");
            Assert.Empty((await server.StandardOutput.ReadLineAsync())!);
            Assert.Contains("service principal", await server.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
            Assert.Equal("AZURE_AUTHORITY_HOST=" + https, await server.StandardOutput.ReadLineAsync());
            Assert.Equal("AZURE_TENANT_ID=" + Tenant, await server.StandardOutput.ReadLineAsync());
            Assert.Equal("AZURE_CLIENT_ID=" + Client, await server.StandardOutput.ReadLineAsync());
            Assert.Equal("AZURE_CLIENT_SECRET=s3cret", await server.StandardOutput.ReadLineAsync());
            Assert.Empty((await server.StandardOutput.ReadLineAsync())!);
            Assert.Contains("managed identity", await server.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
            Assert.Equal($"IDENTITY_ENDPOINT={https}msi/token", await server.StandardOutput.ReadLineAsync());
            Assert.Matches("^IDENTITY_HEADER=.{32}$", await server.StandardOutput.ReadLineAsync());
            using X509Certificate2 trusted = X509CertificateLoader.LoadCertificateFromFile(pem);
            using var handler = new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == trusted.Thumbprint,
            };
            using var client = new HttpClient(handler);

            foreach (Uri endpoint in new[] { http, https })
            {
                Assert.Equal("{\"faults\":[]}", await client.GetStringAsync(new Uri(endpoint, "emulator/faults")));
            }

            Assert.Equal(0, await TerminateAsync(server));
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill();
            }

            File.Delete(pem);
        }
    }

    [SkippableFact]
    public async Task State_and_environment_file_carry_a_client_over_a_restart()
    {
        Skip.If(OperatingSystem.IsWindows(), "There is no SIGTERM on Windows.");
        string folder = Directory.CreateTempSubdirectory().FullName;
        string state = Path.Combine(folder, "state"), file = Path.Combine(folder, "acs.json");
        try
        {
            (JsonElement first, string busy) = await RunAsync();
            (JsonElement second, _) = await RunAsync();

            Assert.Contains($"--state: another emulator uses the folder {state}", busy, StringComparison.Ordinal);
            foreach (string kept in new[] { "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "REQUESTS_CA_BUNDLE" })
            {
                Assert.Equal(first.GetProperty(kept).GetString(), second.GetProperty(kept).GetString());
            }

            Assert.False(File.Exists(file));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task<(JsonElement Variables, string SecondProgram)> RunAsync()
        {
            using Process server = Start("--port", "0", "--https-port", "0", "--state", state, "--env-file", file);
            try
            {
                // The file exists before the first line is printed.
                Assert.NotNull(await server.StandardOutput.ReadLineAsync());
                JsonElement variables = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("variables");
                string busy = await AssertRefusedAsync("--state", "--port", "0", "--state", state);
                Assert.Equal(0, await TerminateAsync(server));
                return (variables, busy);
            }
            finally
            {
                if (!server.HasExited)
                {
                    server.Kill();
                }
            }
        }
    }

    [Fact]
    public async Task Certificate_without_its_key_is_refused()
    {
        string pfx = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pfx");
        using X509Certificate2 whole = ServerCertificate.Create();
        using X509Certificate2 keyless = X509CertificateLoader.LoadCertificate(whole.RawData);
        await File.WriteAllBytesAsync(pfx, keyless.Export(X509ContentType.Pkcs12));
        try
        {
            await AssertRefusedAsync("no private key", "--https-port", "0", "--certificate", pfx);
        }
        finally
        {
            File.Delete(pfx);
        }
    }

    [Theory]
    [InlineData("Unrecognized", "--nonsense")]
    [InlineData("--access-key must be base64", "--access-key", "not base64!")]
    [InlineData("--access-key must be base64", "--access-key", "")]
    [InlineData("'--port'", "--port", "seven")]
    [InlineData("--port must be between 0 and 65535", "--port", "70000")]
    [InlineData("--https-port must be between 0 and 65535", "--https-port", "-1")]
    [InlineData("--https-port must differ from --port", "--https-port", "7080")]
    [InlineData("--throttle-creates must be between 1 and 1000000", "--throttle", "--throttle-creates", "0")]
    [InlineData("--throttle-exchanges must be between 1 and 1000000", "--throttle", "--throttle-exchanges", "1000001")]
    [InlineData("--throttle-window must be more than 0", "--throttle", "--throttle-window", "1e300")]
    [InlineData("--throttle-window must be more than 0", "--throttle", "--throttle-window", "0")]
    [InlineData("--latency must be 0 or more", "--latency", "-1")]
    [InlineData("--latency-to must not be less than --latency", "--latency", "20", "--latency-to", "10")]
    [InlineData("--bind must be an IP address", "--bind", "nowhere")]
    [InlineData("--identity-file: the file nowhere.csv does not exist", "--identity-file", "nowhere.csv")]
    [InlineData("'--tenant-id'", "--https-port", "0", "--tenant-id", "contoso")]
    [InlineData("--client-secret must be a text", "--https-port", "0", "--client-secret", "")]
    [InlineData("--client-certificate: the file nowhere.pem does not exist", "--https-port", "0", "--client-certificate", "nowhere.pem")]
    [InlineData("--certificate: the file nowhere.pem does not exist", "--https-port", "0", "--certificate", "nowhere.pem")]
    [InlineData("--env-file must be a file that ends in .env, .sh, .ps1, .json", "--env-file", "acs.txt")]
    [InlineData("--env-file: the folder of nowhere/acs.env does not exist", "--env-file", "nowhere/acs.env")]
    [InlineData("--env-sign-in must be service-principal or managed-identity", "--https-port", "0", "--env-file", "acs.env", "--env-sign-in", "user")]
    [InlineData("--certificate-path: the folder of nowhere/acs.pem does not exist", "--https-port", "0", "--certificate-path", "nowhere/acs.pem")]
    public Task Bad_options_are_refused(string problem, params string[] arguments) => AssertRefusedAsync(problem, arguments);

    [Theory]
    [InlineData("--https-port", "--certificate-path", "acs.pem")]
    [InlineData("--https-port", "--client-secret", "s3cret")]
    [InlineData("--https-port", "--client-id", Client)]
    [InlineData("--https-port", "--tenant-id", Tenant)]
    [InlineData("--https-port", "--env-sign-in", "managed-identity", "--env-file", "acs.env")]
    [InlineData("--env-file", "--env-sign-in", "managed-identity", "--https-port", "0")]
    [InlineData("--certificate", "--certificate-password", "pass", "--https-port", "0")]
    [InlineData("--latency", "--latency-to", "80")]
    [InlineData("--throttle", "--throttle-creates", "5")]
    [InlineData("--throttle", "--throttle-issues", "5")]
    [InlineData("--throttle", "--throttle-revokes", "5")]
    [InlineData("--throttle", "--throttle-deletes", "5")]
    [InlineData("--throttle", "--throttle-exchanges", "5")]
    [InlineData("--throttle", "--throttle-window", "5")]
    [InlineData("--throttle", "--no-retry-after")]
    public Task Option_that_does_nothing_alone_is_refused(string needed, params string[] arguments) =>
        AssertRefusedAsync($"{arguments[0]} does nothing without {needed}: give {needed} too.", arguments);

    [Fact]
    public async Task Broken_certificate_is_refused_by_its_option()
    {
        string file = Path.GetTempFileName();
        try
        {
            await AssertRefusedAsync($"--certificate: {file} cannot be read", "--https-port", "0", "--certificate", file);
            await AssertRefusedAsync($"--client-certificate: {file} cannot be read", "--https-port", "0", "--client-certificate", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Client_certificate_without_an_rsa_key_is_refused_by_its_option()
    {
        string file = Path.GetTempFileName();
        using X509Certificate2 ecdsa = ServerCertificate.Create();
        await File.WriteAllTextAsync(file, ecdsa.ExportCertificatePem());
        try
        {
            await AssertRefusedAsync($"--client-certificate: {file} cannot be read: The key must be an RSA key.", "--https-port", "0", "--client-certificate", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Port_in_use_is_one_line_and_leaves_the_certificate_of_the_first_program()
    {
        using var used = new TcpListener(IPAddress.Loopback, 0);
        used.Start();
        int port = ((IPEndPoint)used.LocalEndpoint).Port;
        string pem = Path.GetTempFileName();
        try
        {
            string error = await AssertRefusedAsync("already in use", "--bind", "127.0.0.1", "--port", $"{port}", "--https-port", "0", "--certificate-path", pem);

            Assert.Contains($"port {port}", error, StringComparison.Ordinal);
            Assert.Contains("--port", error, StringComparison.Ordinal);
            Assert.Empty(await File.ReadAllTextAsync(pem));
        }
        finally
        {
            File.Delete(pem);
        }
    }

    [Fact]
    public Task Address_of_another_machine_is_refused() => AssertRefusedAsync("cannot listen on 192.0.2.1", "--bind", "192.0.2.1", "--port", "0");

    /// <returns>The error, which is one line.</returns>
    private static async Task<string> AssertRefusedAsync(string problem, params string[] arguments)
    {
        using Process server = Start(arguments);
        string? first = await server.StandardOutput.ReadLineAsync();
        if (!string.IsNullOrEmpty(first))
        {
            // It was not refused, and would run on.
            server.Kill();
            Assert.Fail("The program has started.");
        }

        string error = await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal(1, server.ExitCode);
        Assert.Contains(problem, error, StringComparison.OrdinalIgnoreCase);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Empty((await server.StandardOutput.ReadToEndAsync()).Trim());
        return error;
    }

    private static Process Start(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "AcsIdentity.Emulator.Server.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static async Task<int> TerminateAsync(Process server)
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{server.Id}"])!;
        await server.WaitForExitAsync();
        return server.ExitCode;
    }

    private static Uri ReadyLine(string? line, string scheme)
    {
        string prefix = $"Connection string ({scheme}): endpoint=";
        const string Suffix = ";accesskey=c2VjcmV0";
        Assert.StartsWith(prefix, line, StringComparison.Ordinal);
        Assert.EndsWith(Suffix, line, StringComparison.Ordinal);
        return new Uri(line![prefix.Length..^Suffix.Length]);
    }
}
