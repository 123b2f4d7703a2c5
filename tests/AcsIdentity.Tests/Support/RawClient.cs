using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Support;

/// <summary>A client that sends what it is told, byte for byte.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Connects and sends the beginning.</summary>
    public static async Task<RawClient> ConnectAsync(EmulatorHost host, string text = "")
    {
        var client = new RawClient();
        // A small window, so that a response that is not read soon waits at the host.
        client._socket.ReceiveBufferSize = 4096;
        await client._socket.ConnectAsync(IPAddress.Loopback, host.Endpoint.Port);
        await client.SendAsync(text);
        return client;
    }

    /// <summary>Sends one request and returns the whole answer: status line, header and body. The host closes the connection after it.</summary>
    public static async Task<string> ExchangeAsync(EmulatorHost host, string method, string target, string headers = "", string body = "", string? hostHeader = null)
    {
        using RawClient client = await ConnectAsync(
            host,
            $"{method} {target} HTTP/1.1\r\nHost: {hostHeader ?? host.Endpoint.Authority}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}");
        return await client.ReadToEndAsync();
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <returns>What the host sent until it closed the connection.</returns>
    public async Task<string> ReadToEndAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var answer = new StringBuilder();
        byte[] buffer = new byte[8192];
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(buffer, timeout.Token)) > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // The host has not read all that was sent, so its close is a reset.
        }

        return answer.ToString();
    }

    /// <summary>Sends a byte at a time, until the host ends the connection or the token is cancelled.</summary>
    public async Task TrickleAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(pause, cancellationToken);
                await SendAsync("a");
            }
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    public void Dispose() => _socket.Dispose();
}
