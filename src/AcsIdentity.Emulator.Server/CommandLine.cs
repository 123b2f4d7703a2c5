using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Throttling;

namespace AcsIdentity.Emulator.Server;

/// <summary>The options of the program, and what they set.</summary>
internal sealed class CommandLine
{
    private static readonly ThrottleOptions _documented = new();

    private readonly Option<int> _port = new("--port") { Description = "The port for HTTP; 0 chooses a free port.", DefaultValueFactory = _ => 7080 };
    private readonly Option<int?> _httpsPort = new("--https-port") { Description = "The port for HTTPS; 0 chooses a free port. Without this option there is no HTTPS." };
    private readonly Option<string?> _bind = new("--bind") { Description = "The IP address to listen on, instead of loopback. Every client that can connect controls the emulator." };
    private readonly Option<string?> _accessKey = new("--access-key") { Description = "The access key, base64. Default: random.", HelpName = "BASE64" };
    private readonly Option<FileInfo?> _identityFile = new("--identity-file") { Description = "A text or CSV file with the ids of identities that exist at the start and after a reset, one on each line." };
    private readonly Option<FileInfo?> _certificate = new("--certificate") { Description = "The certificate for HTTPS: a PEM file that contains the private key, or a PFX file. Default: a new certificate for localhost." };
    private readonly Option<string?> _certificatePassword = new("--certificate-password") { Description = "The password of the PFX file." };
    private readonly Option<FileInfo?> _certificatePath = new("--certificate-path") { Description = "The file to write the HTTPS certificate to, as PEM without the private key. Clients need it to trust the emulator." };
    private readonly Option<Guid?> _tenantId = new("--tenant-id") { Description = "The id of the emulator's Entra tenant. Default: random." };
    private readonly Option<Guid?> _clientId = new("--client-id") { Description = "The client id of the application in the tenant. Default: random." };
    private readonly Option<string?> _clientSecret = new("--client-secret") { Description = "The application's secret. Default: random." };
    private readonly Option<FileInfo> _clientCertificate = new("--client-certificate") { Description = "The application's certificate: a PEM file without the private key." };
    private readonly Option<bool> _throttle = new("--throttle") { Description = "Enforces the service's quota: 1,000 creates, 1,000 issues, 500 revokes, 500 deletes, 500 exchanges in 30 s." };
    private readonly Option<int> _creates = Quota("creates", _documented.Creates);
    private readonly Option<int> _issues = Quota("issues", _documented.Issues);
    private readonly Option<int> _revokes = Quota("revokes", _documented.Revokes);
    private readonly Option<int> _deletes = Quota("deletes", _documented.Deletes);
    private readonly Option<int> _exchanges = Quota("exchanges", _documented.Exchanges);
    private readonly Option<double> _window = new("--throttle-window") { Description = "With --throttle: the window of the quota, in seconds.", DefaultValueFactory = _ => _documented.Window.TotalSeconds };
    private readonly Option<bool> _noRetryAfter = new("--no-retry-after") { Description = "With --throttle: omits Retry-After from 429 responses." };
    private readonly Option<int> _latency = new("--latency") { Description = "The delay of every response, in milliseconds." };
    private readonly Option<int?> _latencyTo = new("--latency-to") { Description = "The longest delay, in milliseconds. Each response gets a random delay from --latency to this." };

    public CommandLine()
    {
        _clientCertificate.AcceptExistingOnly();
        _port.Validators.Add(ValidatePort);
        _httpsPort.Validators.Add(ValidatePort);
        Command = new RootCommand("An emulator of the identity operations of Azure Communication Services. Its state is in memory and is lost when it stops.")
        {
            _port, _httpsPort, _bind, _accessKey, _identityFile, _certificate, _certificatePassword, _certificatePath,
            _tenantId, _clientId, _clientSecret, _clientCertificate,
            _throttle, _creates, _issues, _revokes, _deletes, _exchanges, _window, _noRetryAfter, _latency, _latencyTo,
        };
    }

    public RootCommand Command { get; }

    /// <param name="parsed">The command line.</param>
    /// <param name="clientCertificate">The certificate from <see cref="LoadClientCertificate"/>.</param>
    public EmulatorOptions GetEmulatorOptions(ParseResult parsed, X509Certificate2? clientCertificate)
    {
        var random = new EntraOptions();
        int shortest = parsed.GetValue(_latency);
        return new EmulatorOptions
        {
            AccessKey = parsed.GetValue(_accessKey),
            Entra = new EntraOptions
            {
                TenantId = parsed.GetValue(_tenantId) ?? random.TenantId,
                ClientId = parsed.GetValue(_clientId) ?? random.ClientId,
                ClientSecret = parsed.GetValue(_clientSecret) ?? random.ClientSecret,
                ClientCertificate = clientCertificate,
            },
            Identities = parsed.GetValue(_identityFile) is { } file ? IdentityFile.Read(file) : [],
            Throttle = parsed.GetValue(_throttle) ? GetThrottleOptions(parsed) : null,
            Latency = new LatencyOptions(TimeSpan.FromMilliseconds(shortest), TimeSpan.FromMilliseconds(parsed.GetValue(_latencyTo) ?? shortest)),
        };
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="certificate">The certificate from <see cref="LoadServerCertificate"/>.</param>
    public ServerOptions GetServerOptions(ParseResult parsed, X509Certificate2? certificate) => new()
    {
        Address = parsed.GetValue(_bind) is { } address ? IPAddress.Parse(address) : null,
        Port = parsed.GetValue(_port),
        HttpsPort = parsed.GetValue(_httpsPort),
        Certificate = certificate,
    };

    /// <returns>The certificate for HTTPS; null without HTTPS.</returns>
    public X509Certificate2? LoadServerCertificate(ParseResult parsed)
    {
        if (parsed.GetValue(_httpsPort) is null)
        {
            return null;
        }

        return parsed.GetValue(_certificate) is { } file ? ServerCertificate.Read(file.FullName, parsed.GetValue(_certificatePassword)) : ServerCertificate.Create();
    }

    public X509Certificate2? LoadClientCertificate(ParseResult parsed) =>
        parsed.GetValue(_clientCertificate) is { } pem ? X509CertificateLoader.LoadCertificateFromFile(pem.FullName) : null;

    /// <returns>The file to write the HTTPS certificate to, or null.</returns>
    public string? GetCertificatePath(ParseResult parsed) => parsed.GetValue(_certificatePath)?.FullName;

    private ThrottleOptions GetThrottleOptions(ParseResult parsed) => new()
    {
        Creates = parsed.GetValue(_creates),
        Issues = parsed.GetValue(_issues),
        Revokes = parsed.GetValue(_revokes),
        Deletes = parsed.GetValue(_deletes),
        Exchanges = parsed.GetValue(_exchanges),
        Window = TimeSpan.FromSeconds(parsed.GetValue(_window)),
        SendsRetryAfter = !parsed.GetValue(_noRetryAfter),
    };

    private static void ValidatePort(OptionResult result)
    {
        if (result.Tokens.Any(token => int.TryParse(token.Value, out int number) && number is < IPEndPoint.MinPort or > IPEndPoint.MaxPort))
        {
            result.AddError($"{result.Option.Name} must be between {IPEndPoint.MinPort} and {IPEndPoint.MaxPort}.");
        }
    }

    private static Option<int> Quota(string operations, int documented) =>
        new("--throttle-" + operations) { Description = $"With --throttle: the quota of {operations}.", DefaultValueFactory = _ => documented };
}
