using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Hosting;
using AcsIdentity.Emulator.Server;

namespace AcsIdentity.Tests.Support;

/// <summary>The two hosts that serve the emulator's rules.</summary>
public enum HostKind
{
    /// <summary>HttpListener, in the caller's process.</summary>
    InProcess,

    /// <summary>Kestrel, over HTTP.</summary>
    Kestrel,

    /// <summary>Kestrel, over HTTPS.</summary>
    KestrelOverHttps,
}

/// <summary>An emulator on one of its hosts.</summary>
internal sealed class EmulatorHost : IAsyncDisposable
{
    private readonly Func<Task> _stop;

    private EmulatorHost(IdentityEmulator emulator, Uri endpoint, Func<Task> stop)
    {
        Emulator = emulator;
        Endpoint = endpoint;
        _stop = stop;
    }

    public IdentityEmulator Emulator { get; }

    public Uri Endpoint { get; }

    public string ConnectionString => Emulator.ConnectionString(Endpoint);

    /// <summary>The certificate to trust, as PEM; null over plain HTTP.</summary>
    public string? CertificatePath { get; private init; }

    public static async Task<EmulatorHost> StartAsync(HostKind kind, int port = 0, EmulatorOptions? options = null)
    {
        var emulator = new IdentityEmulator(options);
        if (kind == HostKind.InProcess)
        {
            var loopback = LoopbackHost.Start(emulator, port);
            return new EmulatorHost(emulator, loopback.Endpoint, () =>
            {
                loopback.Dispose();
                return Task.CompletedTask;
            });
        }

        X509Certificate2? certificate = kind == HostKind.KestrelOverHttps ? ServerCertificate.Create() : null;
        string? path = certificate is null ? null : Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pem");
        if (path is not null)
        {
            await File.WriteAllTextAsync(path, certificate!.ExportCertificatePem());
        }

        KestrelHost kestrel = await KestrelHost.StartAsync(
            emulator, new ServerOptions { Port = port, HttpsPort = certificate is null ? null : 0, Certificate = certificate });
        return new EmulatorHost(emulator, kestrel.HttpsEndpoint ?? kestrel.HttpEndpoint, async () =>
        {
            await kestrel.DisposeAsync();
            certificate?.Dispose();
            if (path is not null)
            {
                File.Delete(path);
            }
        })
        {
            CertificatePath = path,
        };
    }

    public async ValueTask DisposeAsync() => await _stop();
}
