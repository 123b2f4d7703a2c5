using System.Net;
using System.Net.Sockets;

namespace AcsIdentity.Emulator.Hosting;

/// <summary>Starts an <see cref="HttpListener"/> on a loopback port.</summary>
internal static class LoopbackListener
{
    // HttpListener does not accept port 0. Another process may take the free port first, so Start retries.
    private const int MaxAttempts = 5;

    /// <param name="port">The TCP port; 0 chooses a free port.</param>
    /// <exception cref="HttpListenerException">The port is in use, or this process may not listen on it.</exception>
    public static (HttpListener Listener, int Port) Start(int port)
    {
        for (int attempt = 1; ; attempt++)
        {
            int candidate = port == 0 ? FindFreePort() : port;
            var listener = new HttpListener();
            // With the name localhost, Windows needs no URL reservation. On other systems it is one of the two loopback addresses.
            listener.Prefixes.Add($"http://localhost:{candidate}/");
            try
            {
                listener.Start();
                return (listener, candidate);
            }
            catch (HttpListenerException) when (port == 0 && attempt < MaxAttempts)
            {
                listener.Close();
            }
        }
    }

    private static int FindFreePort()
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
}
