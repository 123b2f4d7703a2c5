using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Support;

/// <summary>A loopback server that answers each request with far more than anybody should read, and counts what it could send.</summary>
internal sealed class EndlessServer : IDisposable
{
    /// <summary>The size of the answer: 3 GB.</summary>
    public const long Length = 3_000_000_000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _head;
    private readonly string _beginning;
    private readonly bool _isChunked;
    private long _sent;
    private int _connections;
    private int _closed;

    /// <param name="status">The HTTP status.</param>
    /// <param name="isChunked">Whether the answer comes in chunks, or with its length.</param>
    /// <param name="beginning">What the content begins with; spaces follow.</param>
    public EndlessServer(int status, bool isChunked, string beginning)
    {
        _isChunked = isChunked;
        _head = $"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n{(isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {Length}")}\r\n\r\n";
        _beginning = beginning;
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How much the server could send, over all connections. The buffers of the sockets hold some of it.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Whether no connection is open.</summary>
    public bool IsIdle => Volatile.Read(ref _closed) == Connections;

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(client);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                await stream.ReadExactlyAsync(new byte[1]);
                _ = stream.CopyToAsync(Stream.Null);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(_head + Chunk(_beginning)));
                byte[] block = Encoding.ASCII.GetBytes(Chunk(new string(' ', 65536)));
                for (long left = Length - _beginning.Length; left > 0; left -= 65536)
                {
                    await stream.WriteAsync(block);
                    Interlocked.Add(ref _sent, block.Length);
                }
            }
            catch (Exception closed) when (closed is IOException or SocketException)
            {
            }
            finally
            {
                Interlocked.Increment(ref _closed);
            }
        }
    }

    private string Chunk(string content) => _isChunked ? $"{content.Length:x}\r\n{content}\r\n" : content;
}
