using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Throttling;

namespace AcsIdentity.Emulator.Server;

/// <summary>The options of the program, and what they set.</summary>
internal sealed class CommandLine
{
    private const int DefaultPort = 7080;
    private const string ServicePrincipal = "service-principal";
    private const string ManagedIdentity = "managed-identity";

    /// <summary>A day, in seconds.</summary>
    private const int LongestWindow = 86400;

    private static readonly ThrottleOptions _documented = new();

    private readonly Option<int> _port = new("--port") { Description = "The port for HTTP; 0 chooses a free port.", DefaultValueFactory = _ => DefaultPort };
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
    private readonly Option<FileInfo?> _clientCertificate = new("--client-certificate") { Description = "The application's certificate: a PEM file without the private key." };
    private readonly Option<DirectoryInfo?> _state = new("--state") { Description = "The folder that keeps the key, the ids, the secrets and the certificate for the next start. Other options win over it." };
    private readonly Option<FileInfo?> _environmentFile = new("--env-file") { Description = "The file to write the environment variables of clients to, until the program ends: .env or .sh, .ps1, or .json.", HelpName = "FILE" };
    private readonly Option<string> _environmentSignIn = new("--env-sign-in")
    {
        Description = "With --env-file and --https-port: the Entra sign-in that the file is for.",
        HelpName = $"{ServicePrincipal}|{ManagedIdentity}",
        DefaultValueFactory = _ => ServicePrincipal,
    };

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
        foreach (Option port in (Option[])[_port, _httpsPort])
        {
            port.Require($"between {IPEndPoint.MinPort} and {IPEndPoint.MaxPort}", text => !int.TryParse(text, out int number) || number is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort);
        }

        foreach (Option<int> quota in Quotas)
        {
            quota.Require($"between 1 and {ThrottleOptions.LargestQuota}", text => !int.TryParse(text, out int number) || number is >= 1 and <= ThrottleOptions.LargestQuota);
        }

        _bind.Require("an IP address, such as 0.0.0.0", text => IPAddress.TryParse(text, out _));
        _accessKey.Require("base64, such as c2VjcmV0", IsBase64);
        _clientSecret.Require("a text of at least one character", text => text.Length > 0);
        _window.Require($"more than 0 and at most {LongestWindow} seconds", text => !double.TryParse(text, out double number) || number is > 0 and <= LongestWindow);
        _latency.Require("0 or more", text => !int.TryParse(text, out int number) || number >= 0);
        _identityFile.RequireFile();
        _certificate.RequireFile();
        _clientCertificate.RequireFile();
        _certificatePath.RequireFolderOfFile();
        _environmentFile.RequireFolderOfFile();
        _environmentFile.Require("a file that ends in " + string.Join(", ", EnvironmentFile.Extensions), text => EnvironmentFile.Extensions.Contains(Path.GetExtension(text)));
        _environmentSignIn.Require($"{ServicePrincipal} or {ManagedIdentity}", text => text is ServicePrincipal or ManagedIdentity);
        Command = new RootCommand("An emulator of the identity operations of Azure Communication Services. Its state is in memory and is lost when it stops.")
        {
            _port, _httpsPort, _bind, _accessKey, _identityFile, _certificate, _certificatePassword, _certificatePath,
            _tenantId, _clientId, _clientSecret, _clientCertificate, _state, _environmentFile, _environmentSignIn,
            _throttle, _creates, _issues, _revokes, _deletes, _exchanges, _window, _noRetryAfter, _latency, _latencyTo,
        };
        Command.RequireWith(_httpsPort, _certificate, _certificatePath, _tenantId, _clientId, _clientSecret, _clientCertificate, _environmentSignIn);
        Command.RequireWith(_environmentFile, _environmentSignIn);
        Command.RequireWith(_certificate, _certificatePassword);
        Command.RequireWith(_throttle, [.. Quotas, _window, _noRetryAfter]);
        Command.RequireWith(_latency, _latencyTo);
        Command.RequireBoth(_latency, 0, _latencyTo, "--latency-to must not be less than --latency.", (shortest, longest) => shortest <= longest);
        Command.RequireBoth(_port, DefaultPort, _httpsPort, "--https-port must differ from --port.", (http, https) => http != https || http == 0);
    }

    public RootCommand Command { get; }

    private Option<int>[] Quotas => [_creates, _issues, _revokes, _deletes, _exchanges];

    /// <param name="parsed">The command line.</param>
    /// <param name="clientCertificate">The certificate from <see cref="LoadClientCertificate"/>.</param>
    /// <param name="state">The values for options that are not given; null for random values.</param>
    public EmulatorOptions GetEmulatorOptions(ParseResult parsed, X509Certificate2? clientCertificate, StateFolder? state)
    {
        StateFolder.Settings defaults = state?.Kept ?? StateFolder.Settings.Create();
        int shortest = parsed.GetValue(_latency);
        return new EmulatorOptions
        {
            AccessKey = parsed.GetValue(_accessKey) ?? defaults.AccessKey,
            ResourceId = defaults.ResourceId,
            Entra = new EntraOptions
            {
                TenantId = parsed.GetValue(_tenantId) ?? defaults.TenantId,
                ClientId = parsed.GetValue(_clientId) ?? defaults.ClientId,
                ClientSecret = parsed.GetValue(_clientSecret) ?? defaults.ClientSecret,
                ClientCertificate = clientCertificate,
                ManagedIdentityClientId = defaults.ManagedIdentityClientId,
                IdentityHeader = defaults.IdentityHeader,
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

    /// <returns>The folder of --state, or null.</returns>
    public StateFolder? OpenState(ParseResult parsed) => parsed.GetValue(_state) is { } folder ? StateFolder.Open(folder.FullName) : null;

    /// <returns>The certificate for HTTPS; null without HTTPS.</returns>
    public X509Certificate2? LoadServerCertificate(ParseResult parsed, StateFolder? state)
    {
        if (parsed.GetValue(_httpsPort) is null)
        {
            return null;
        }

        return parsed.GetValue(_certificate) is { } file
            ? Load(_certificate, file, path => ServerCertificate.Read(path, parsed.GetValue(_certificatePassword)))
            : state?.LoadCertificate() ?? ServerCertificate.Create();
    }

    public X509Certificate2? LoadClientCertificate(ParseResult parsed) =>
        parsed.GetValue(_clientCertificate) is { } file ? Load(_clientCertificate, file, LoadRsaCertificate) : null;

    /// <returns>The file to write the HTTPS certificate to, or null.</returns>
    public string? GetCertificatePath(ParseResult parsed) => parsed.GetValue(_certificatePath)?.FullName;

    /// <summary>Writes the file of --env-file.</summary>
    /// <returns>The file, to dispose at the end; null without the option.</returns>
    public EnvironmentFile? WriteEnvironmentFile(ParseResult parsed, KestrelHost host, StateFolder? state)
    {
        if (parsed.GetValue(_environmentFile) is not { } file)
        {
            return null;
        }

        IdentityEmulator emulator = host.Emulator;
        var variables = new List<(string Name, string Value)>(ClientEnvironment.AccessKey(emulator.ConnectionString(host.HttpsEndpoint ?? host.HttpEndpoint)));
        if (host.HttpsEndpoint is { } https)
        {
            bool isManagedIdentity = parsed.GetValue(_environmentSignIn) == ManagedIdentity;
            variables.AddRange(isManagedIdentity ? ClientEnvironment.ManagedIdentity(emulator.Entra, https) : ClientEnvironment.ServicePrincipal(emulator.Entra, https));
            string? keptCertificate = parsed.GetValue(_certificate) is null ? state?.CertificatePath : null;
            if ((GetCertificatePath(parsed) ?? keptCertificate) is { } trusted)
            {
                variables.AddRange(ClientEnvironment.Trust(trusted));
            }
        }

        return EnvironmentFile.Write(file.FullName, variables);
    }

    private static X509Certificate2 LoadRsaCertificate(string path)
    {
        X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(path);
        using RSA? key = certificate.GetRSAPublicKey();
        return key is null ? throw new CryptographicException("The key must be an RSA key.") : certificate;
    }

    /// <summary>Loads a certificate, so that an error names the option and the file.</summary>
    private static X509Certificate2 Load(Option option, FileInfo file, Func<string, X509Certificate2> load)
    {
        try
        {
            return load(file.FullName);
        }
        catch (CryptographicException problem)
        {
            throw new CryptographicException($"{option.Name}: {file} cannot be read: {problem.Message}", problem);
        }
    }

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

    private static bool IsBase64(string text) => text.Length > 0 && Convert.TryFromBase64String(text, new byte[text.Length], out _);

    private static Option<int> Quota(string operations, int documented) =>
        new("--throttle-" + operations) { Description = $"With --throttle: the quota of {operations}.", DefaultValueFactory = _ => documented };
}
