using System;
using System.Diagnostics;
using System.IO;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
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
            Uri https = ReadyLine(await server.StandardOutput.ReadLineAsync(), "https");
            Assert.Equal("AZURE_AUTHORITY_HOST=" + https, await server.StandardOutput.ReadLineAsync());
            Assert.Equal("AZURE_TENANT_ID=" + Tenant, await server.StandardOutput.ReadLineAsync());
            Assert.Equal("AZURE_CLIENT_ID=" + Client, await server.StandardOutput.ReadLineAsync());
            Assert.Equal("AZURE_CLIENT_SECRET=s3cret", await server.StandardOutput.ReadLineAsync());
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

            using Process kill = Process.Start("kill", ["-TERM", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
            await server.WaitForExitAsync();
            Assert.Equal(0, server.ExitCode);
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
    [InlineData("Base-64", "--access-key", "not base64!")]
    [InlineData("between", "--port", "70000")]
    [InlineData("between", "--https-port", "-1")]
    [InlineData("quota", "--throttle", "--throttle-creates", "0")]
    [InlineData("quota", "--throttle", "--throttle-creates", "1000001")]
    [InlineData("too long", "--throttle", "--throttle-window", "1e300")]
    [InlineData("latency", "--latency", "-1")]
    [InlineData("address", "--bind", "nowhere")]
    [InlineData("nowhere.csv", "--identity-file", "nowhere.csv")]
    [InlineData("tenant", "--tenant-id", "contoso")]
    [InlineData("nowhere", "--client-certificate", "nowhere.pem")]
    public Task Bad_options_are_refused(string problem, params string[] arguments) => AssertRefusedAsync(problem, arguments);

    private static async Task AssertRefusedAsync(string problem, params string[] arguments)
    {
        using Process server = Start(arguments);
        Task<string> output = server.StandardOutput.ReadToEndAsync();
        string error = await server.StandardError.ReadToEndAsync();
        await server.WaitForExitAsync();

        Assert.Equal(1, server.ExitCode);
        Assert.Contains(problem, error, StringComparison.OrdinalIgnoreCase);
        // The program handles the error itself.
        Assert.DoesNotContain("Unhandled exception", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Connection string", await output, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "AcsIdentity.Emulator.Server.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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
