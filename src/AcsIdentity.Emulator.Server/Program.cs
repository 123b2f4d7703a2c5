using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Server;
using AcsIdentity.Emulator.Throttling;

Option<int> port = new("--port") { Description = "The port for HTTP; 0 picks a free one.", DefaultValueFactory = _ => 7080 };
Option<int?> httpsPort = new("--https-port") { Description = "The port for HTTPS; 0 picks a free one. Without it there is no HTTPS." };
Option<string?> bind = new("--bind") { Description = "The IP address to listen on, instead of loopback only. Whoever reaches it has the whole emulator." };
Option<string?> accessKey = new("--access-key") { Description = "The access key, base64. A random one unless given.", HelpName = "BASE64" };
Option<Guid?> tenantId = new("--tenant-id") { Description = "The id of the emulator's Entra tenant. A random one unless given." };
Option<Guid?> clientId = new("--client-id") { Description = "The client id of the application in that tenant. A random one unless given." };
Option<string?> clientSecret = new("--client-secret") { Description = "The application's secret. A random one unless given." };
Option<FileInfo> clientCertificate = new("--client-certificate") { Description = "The application's certificate: a PEM file, without its key." };
Option<FileInfo?> certificate = new("--certificate") { Description = "The certificate for HTTPS: a PEM file with its key, or a PFX file. One for localhost is made unless given." };
Option<string?> certificatePassword = new("--certificate-password") { Description = "The password of the PFX file." };
Option<FileInfo?> certificatePath = new("--certificate-path") { Description = "Where to write the certificate as PEM, without its key, so that clients can be told to trust it." };
Option<bool> throttle = new("--throttle") { Description = "Keeps the service's quota: 1,000 creates, 1,000 issues, 500 revokes, 500 deletes, 500 exchanges in 30 s." };
var quota = new ThrottleOptions();
Option<int> creates = Quota("--throttle-creates", quota.Creates);
Option<int> issues = Quota("--throttle-issues", quota.Issues);
Option<int> revokes = Quota("--throttle-revokes", quota.Revokes);
Option<int> deletes = Quota("--throttle-deletes", quota.Deletes);
Option<int> exchanges = Quota("--throttle-exchanges", quota.Exchanges);
Option<double> window = new("--throttle-window") { Description = "The window of the quota, in seconds.", DefaultValueFactory = _ => quota.Window.TotalSeconds };
Option<bool> noRetryAfter = new("--no-retry-after") { Description = "Leaves Retry-After out of refusals for quota." };
Option<int> latency = new("--latency") { Description = "How late every answer comes, in milliseconds." };
Option<int?> latencyTo = new("--latency-to") { Description = "With --latency: the longest delay, in milliseconds; each answer draws its own." };

clientCertificate.AcceptExistingOnly();
port.Validators.Add(ValidatePort);
httpsPort.Validators.Add(ValidatePort);

var command = new RootCommand("An emulator of the identity operations of Azure Communication Services. Its state is in memory and gone when it stops.")
{
    port, httpsPort, bind, accessKey, certificate, certificatePassword, certificatePath,
    tenantId, clientId, clientSecret, clientCertificate,
    throttle, creates, issues, revokes, deletes, exchanges, window, noRetryAfter, latency, latencyTo,
};
command.SetAction(RunAsync);
return await command.Parse(args).InvokeAsync().ConfigureAwait(false);

async Task<int> RunAsync(ParseResult parsed, CancellationToken stopping)
{
    try
    {
        int shortest = parsed.GetValue(latency);
        using X509Certificate2? registered = parsed.GetValue(clientCertificate) is { } pem ? X509CertificateLoader.LoadCertificateFromFile(pem.FullName) : null;
        var random = new EntraOptions();
        using var emulator = new IdentityEmulator(new EmulatorOptions
        {
            AccessKey = parsed.GetValue(accessKey),
            Entra = new EntraOptions
            {
                TenantId = parsed.GetValue(tenantId) ?? random.TenantId,
                ClientId = parsed.GetValue(clientId) ?? random.ClientId,
                ClientSecret = parsed.GetValue(clientSecret) ?? random.ClientSecret,
                ClientCertificate = registered,
            },
            Throttle = !parsed.GetValue(throttle) ? null : new ThrottleOptions
            {
                Creates = parsed.GetValue(creates),
                Issues = parsed.GetValue(issues),
                Revokes = parsed.GetValue(revokes),
                Deletes = parsed.GetValue(deletes),
                Exchanges = parsed.GetValue(exchanges),
                Window = TimeSpan.FromSeconds(parsed.GetValue(window)),
                SendsRetryAfter = !parsed.GetValue(noRetryAfter),
            },
            Latency = new LatencyOptions(TimeSpan.FromMilliseconds(shortest), TimeSpan.FromMilliseconds(parsed.GetValue(latencyTo) ?? shortest)),
        });
        using X509Certificate2? shown = parsed.GetValue(httpsPort) is null ? null : Certificate(parsed);
        if (shown is not null && parsed.GetValue(certificatePath) is { } path)
        {
            await File.WriteAllTextAsync(path.FullName, shown.ExportCertificatePem() + "\n", stopping).ConfigureAwait(false);
        }

        KestrelHost host = await KestrelHost.StartAsync(emulator, new ServerOptions
        {
            Address = parsed.GetValue(bind) is { } address ? IPAddress.Parse(address) : null,
            Port = parsed.GetValue(port),
            HttpsPort = parsed.GetValue(httpsPort),
            Certificate = shown,
        }).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            Console.WriteLine($"Connection string (http): {emulator.ConnectionString(host.HttpEndpoint)}");
            if (host.HttpsEndpoint is { } https)
            {
                Console.WriteLine($"Connection string (https): {emulator.ConnectionString(https)}");
                foreach ((string name, string value) in EntraEnvironment.Variables(emulator.Entra, https))
                {
                    Console.WriteLine($"{name}={value}");
                }
            }

            try
            {
                await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // SIGINT or SIGTERM: the way this program ends.
            }
        }

        return 0;
    }
    catch (Exception problem) when (problem is FormatException or ArgumentException or OverflowException or IOException or CryptographicException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
        return 1;
    }
}

X509Certificate2 Certificate(ParseResult parsed) =>
    parsed.GetValue(certificate) is { } file ? ServerCertificate.Read(file.FullName, parsed.GetValue(certificatePassword)) : ServerCertificate.Create();

static void ValidatePort(OptionResult result)
{
    if (result.Tokens.Any(token => int.TryParse(token.Value, out int number) && number is < IPEndPoint.MinPort or > IPEndPoint.MaxPort))
    {
        result.AddError($"{result.Option.Name} takes a number between {IPEndPoint.MinPort} and {IPEndPoint.MaxPort}.");
    }
}

static Option<int> Quota(string name, int documented) =>
    new(name) { Description = $"With --throttle: so many instead of {documented}.", DefaultValueFactory = _ => documented };
