using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AcsIdentity.Emulator.Server;

/// <summary>Serves an <see cref="IdentityEmulator"/> over HTTP and HTTPS with Kestrel.</summary>
internal sealed class KestrelHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private KestrelHost(IdentityEmulator emulator, WebApplication application)
    {
        Emulator = emulator;
        _application = application;
    }

    /// <summary>The emulator that this host serves. The host disposes it.</summary>
    public IdentityEmulator Emulator { get; }

    /// <summary>The address for HTTP.</summary>
    public Uri HttpEndpoint => Endpoint(Uri.UriSchemeHttp)!;

    /// <summary>The address for HTTPS; null without HTTPS.</summary>
    public Uri? HttpsEndpoint => Endpoint(Uri.UriSchemeHttps);

    /// <summary>Starts to listen.</summary>
    /// <param name="emulator">The resource to serve. The host disposes it.</param>
    /// <param name="options">The addresses to listen on.</param>
    /// <exception cref="IOException">An address cannot be used, for example because its port is in use.</exception>
    public static async Task<KestrelHost> StartAsync(IdentityEmulator emulator, ServerOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        // Only errors, so that the connection strings are the only other output.
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        // A failed start is an exception, which Program.cs reports in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // This logger writes no errors. But if it could, each request would start an Activity and a scope for it.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Program.cs handles Ctrl+C.
        builder.Services.AddSingleton<IHostLifetime, IgnoreSignalsLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The emulator enforces its own body limits, and reports them as the service does.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            // Other limits are Kestrel's defaults: 10 s for a TLS handshake, 130 s for an idle connection, 5 s to drain a body. A shorter idle
            // time would end connections that clients keep: .NET's keep one for 60 s.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxConcurrentConnections = emulator.MaxConnections;
            kestrel.Limits.MaxRequestLineSize = HeadLimits.MaxRequestLineBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeadLimits.MaxHeaderBytes;
            kestrel.Limits.MaxRequestHeaderCount = HeadLimits.MaxHeaderCount;
            Listen(kestrel, options.Address, options.Port, _ => { });
            if (options is { HttpsPort: { } httpsPort, Certificate: { } certificate })
            {
                Listen(kestrel, options.Address, httpsPort, endpoint => endpoint.UseHttps(certificate));
            }
        });

        WebApplication application = builder.Build();
        application.Run(context => new KestrelExchange(emulator, context).RunAsync());
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or SocketException)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw new IOException($"The emulator cannot listen on {Describe(options)}: {problem.Message} Choose other ports with --port and --https-port; 0 chooses a free one.", problem);
        }

        return new KestrelHost(emulator, application);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Stops at once, without waiting for responses that a fault delays.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _application.StopAsync(now.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        Emulator.Dispose();
    }

    /// <summary>Returns the address for clients on this machine. Clients cannot connect to the addresses 0.0.0.0 and [::].</summary>
    internal static Uri ToClientAddress(Uri address) =>
        IPAddress.TryParse(address.Host, out IPAddress? ip) && (IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = "localhost" }.Uri
            : address;

    private static string Describe(ServerOptions options) =>
        $"{options.Address?.ToString() ?? "localhost"}, port {options.Port}{(options.HttpsPort is { } https ? $" and {https}" : "")}";

    private static void Listen(KestrelServerOptions kestrel, IPAddress? address, int port, Action<ListenOptions> configure)
    {
        if (address is null && port != 0)
        {
            kestrel.ListenLocalhost(port, configure);
        }
        else
        {
            kestrel.Listen(address ?? IPAddress.Loopback, port, configure);
        }
    }

    private Uri? Endpoint(string scheme)
    {
        IServerAddressesFeature addresses = _application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        return addresses.Addresses
            .Select(address => new Uri(address))
            .Where(address => address.Scheme == scheme)
            .Select(ToClientAddress)
            .FirstOrDefault();
    }

    private sealed class IgnoreSignalsLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
