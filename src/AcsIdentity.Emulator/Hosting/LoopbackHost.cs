using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Emulator.Hosting;

/// <summary>Serves an <see cref="IdentityEmulator"/> over HTTP in this process, on a loopback port.</summary>
public sealed class LoopbackHost : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpListener _listener;
    private int _running;

    private LoopbackHost(IdentityEmulator emulator, HttpListener listener, int port)
    {
        Emulator = emulator;
        _listener = listener;
        Endpoint = new Uri($"http://localhost:{port}/");
    }

    /// <summary>The emulator that this host serves. The host disposes it.</summary>
    public IdentityEmulator Emulator { get; }

    /// <summary>The address that clients connect to.</summary>
    public Uri Endpoint { get; }

    /// <summary>The connection string for clients. It contains the access key.</summary>
    public string ConnectionString => Emulator.ConnectionString(Endpoint);

    /// <summary>Starts to listen.</summary>
    /// <param name="emulator">The resource to serve. The host disposes it.</param>
    /// <param name="port">The TCP port; 0 chooses a free port.</param>
    /// <exception cref="HttpListenerException">The port is in use, or this process may not listen on it.</exception>
    public static LoopbackHost Start(IdentityEmulator emulator, int port = 0)
    {
        (HttpListener listener, int actualPort) = LoopbackListener.Start(port);
        var host = new LoopbackHost(emulator, listener, actualPort);
        // The loop that accepts a request also handles it, until it waits for the client. So one loop would handle one request at a time.
        for (int loop = 0; loop < Environment.ProcessorCount; loop++)
        {
            _ = host.AcceptAsync();
        }

        return host;
    }

    /// <summary>Stops listening and discards all identities and tokens.</summary>
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

    private async Task AcceptAsync()
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

            _ = HandleAsync(context);
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        bool isRefused = Interlocked.Increment(ref _running) > Emulator.MaxConnections;
        await new HttpListenerExchange(Emulator, context).RunAsync(isRefused, _stopping.Token).ConfigureAwait(false);
        Interlocked.Decrement(ref _running);
    }
}
