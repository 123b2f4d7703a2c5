using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

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

    /// <summary>The rules and the state behind this host. Disposed with it.</summary>
    public IdentityEmulator Emulator { get; }

    /// <summary>The address for HTTP.</summary>
    public Uri HttpEndpoint => Endpoint(Uri.UriSchemeHttp)!;

    /// <summary>The address for HTTPS; null where none is listened for.</summary>
    public Uri? HttpsEndpoint => Endpoint(Uri.UriSchemeHttps);

    /// <summary>Starts to listen.</summary>
    /// <param name="emulator">The resource to serve; the host disposes it.</param>
    /// <param name="options">Where to listen.</param>
    /// <exception cref="System.IO.IOException">A port is taken.</exception>
    public static async Task<KestrelHost> StartAsync(IdentityEmulator emulator, ServerOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        // Who runs the emulator reads its connection strings, not the framework's news. Errors are still shown.
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        // Ctrl+C is the program's to handle.
        builder.Services.AddSingleton<IHostLifetime, IgnoreSignalsLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The rules have bounds of their own for a body, and answers of the service's form.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            Listen(kestrel, options.Address, options.Port, _ => { });
            if (options is { HttpsPort: { } httpsPort, Certificate: { } certificate })
            {
                Listen(kestrel, options.Address, httpsPort, endpoint => endpoint.UseHttps(certificate));
            }
        });

        WebApplication application = builder.Build();
        application.Run(context => AnswerAsync(emulator, context));
        await application.StartAsync().ConfigureAwait(false);
        return new KestrelHost(emulator, application);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever is kept waiting by a fault is not waited for.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _application.StopAsync(now.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        Emulator.Dispose();
    }

    /// <summary>The address as a client on this machine connects to it: "any" is one to listen on only.</summary>
    internal static Uri ToClientAddress(Uri address) =>
        IPAddress.TryParse(address.Host, out IPAddress? ip) && (IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = "localhost" }.Uri
            : address;

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

    private static async Task AnswerAsync(IdentityEmulator emulator, HttpContext context)
    {
        CancellationToken gone = context.RequestAborted;
        EmulatorRequest request = await ReadHead(context).WithBodyAsync(context.Request.Body, emulator.BodyTimeout, gone).ConfigureAwait(false);
        EmulatorResponse answer = emulator.Handle(request);
        await Task.Delay(answer.Delay, gone).ConfigureAwait(false);
        if (answer.Delivery == Delivery.None)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (KeyValuePair<string, string> header in answer.Headers)
        {
            context.Response.Headers[header.Key] = header.Value;
        }

        if (answer.Status == StatusCodes.Status204NoContent)
        {
            return;
        }

        context.Response.ContentLength = answer.Body.Length;
        bool isHalf = answer.Delivery == Delivery.Half;
        await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, isHalf ? answer.Body.Length / 2 : answer.Body.Length), gone).ConfigureAwait(false);
        if (isHalf)
        {
            await context.Response.Body.FlushAsync(gone).ConfigureAwait(false);
            context.Abort();
        }
    }

    private static EmulatorRequest ReadHead(HttpContext context) => new()
    {
        Method = context.Request.Method,
        // What the client signed, before any decoding.
        RawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        IsSecure = context.Request.IsHttps,
        Headers = context.Request.Headers.ToDictionary(
            header => header.Key, (KeyValuePair<string, StringValues> header) => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
    };

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
