using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Hosting;

/// <summary>Serves an <see cref="IdentityEmulator"/> over HTTP in this process, on a loopback port.</summary>
public sealed class LoopbackHost : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpListener _listener;

    private LoopbackHost(IdentityEmulator emulator, HttpListener listener, int port)
    {
        Emulator = emulator;
        _listener = listener;
        Endpoint = new Uri($"http://localhost:{port}/");
    }

    /// <summary>The rules and the state behind this host. Disposed with it.</summary>
    public IdentityEmulator Emulator { get; }

    /// <summary>The address that clients connect to.</summary>
    public Uri Endpoint { get; }

    /// <summary>The connection string that clients connect with. It holds the access key.</summary>
    public string ConnectionString => Emulator.ConnectionString(Endpoint);

    /// <summary>Starts to listen.</summary>
    /// <param name="emulator">The resource to serve; the host disposes it.</param>
    /// <param name="port">The TCP port; 0 picks a free one.</param>
    /// <exception cref="HttpListenerException">The port is taken, or may not be listened on.</exception>
    public static LoopbackHost Start(IdentityEmulator emulator, int port = 0)
    {
        // HttpListener has no port 0, so a port that is free now is taken; another process may be quicker, hence the tries.
        const int Tries = 5;
        for (int attempt = 1; ; attempt++)
        {
            int candidate = port == 0 ? FreePort() : port;
            var listener = new HttpListener();
            // By this name Windows lets a user without rights on a URL listen; elsewhere it is one loopback address of the two.
            listener.Prefixes.Add($"http://localhost:{candidate}/");
            try
            {
                listener.Start();
            }
            catch (HttpListenerException) when (port == 0 && attempt < Tries)
            {
                listener.Close();
                continue;
            }

            var host = new LoopbackHost(emulator, listener, candidate);
            _ = host.ServeAsync();
            return host;
        }
    }

    /// <summary>Stops listening. Identities and tokens are gone then.</summary>
    public void Dispose()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        _stopping.Cancel();
        _listener.Close();
        Emulator.Dispose();
    }

    private static int FreePort()
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        try
        {
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        finally
        {
            probe.Stop();
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            EmulatorRequest request = await ReadHead(context.Request)
                .WithBodyAsync(context.Request.InputStream, Emulator.BodyTimeout, _stopping.Token).ConfigureAwait(false);
            EmulatorResponse answer = Emulator.Handle(request);
            HttpListenerResponse response = context.Response;
            await Task.Delay(answer.Delay, _stopping.Token).ConfigureAwait(false);
            if (answer.Delivery == Delivery.None)
            {
                // HttpListener closes no connection before it has sent a head. This one promises a body that never comes.
                response.ContentLength64 = 1;
                response.Abort();
                return;
            }

            response.StatusCode = answer.Status;
            foreach (KeyValuePair<string, string> header in answer.Headers)
            {
                response.Headers[header.Key] = header.Value;
            }

            response.ContentLength64 = answer.Body.Length;
            int sent = answer.Delivery == Delivery.Half ? answer.Body.Length / 2 : answer.Body.Length;
            await response.OutputStream.WriteAsync(answer.Body, 0, sent).ConfigureAwait(false);
            if (answer.Delivery == Delivery.Half)
            {
                await response.OutputStream.FlushAsync().ConfigureAwait(false);
                response.Abort();
                return;
            }

            response.Close();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or HttpListenerException or ObjectDisposedException)
        {
            // The client went away, or the host was stopped; there is nobody left to answer.
            context.Response.Abort();
        }
        catch (Exception)
        {
            // A mistake of ours. The client must not be kept waiting for it.
            AnswerServerError(context.Response);
        }
    }

    private static void AnswerServerError(HttpListenerResponse response)
    {
        try
        {
            response.StatusCode = 500;
            response.ContentLength64 = 0;
            response.Close();
        }
        catch (InvalidOperationException)
        {
            // The head has been sent already.
            response.Abort();
        }
    }

    private static EmulatorRequest ReadHead(HttpListenerRequest request) => new()
    {
        Method = request.HttpMethod,
        RawTarget = request.RawUrl ?? "/",
        Headers = request.Headers.AllKeys
            .Where(name => name is not null)
            .ToDictionary(name => name!, name => request.Headers[name] ?? "", StringComparer.OrdinalIgnoreCase),
    };
}
