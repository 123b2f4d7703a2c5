using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Moments;

/// <summary>A TCP proxy on loopback. It passes bytes on, and disturbs them while it has a disturbance.</summary>
internal sealed class HostileProxy : IAsyncDisposable
{
    /// <summary>A time that no server needs to close a connection after its client has.</summary>
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyList<TcpListener> _listeners = Listen();
    private readonly Uri _server;
    private readonly ConcurrentQueue<ProxyConnection> _connections = new();
    private readonly ConcurrentQueue<string> _requestIds = new();
    private readonly Task _accepting;
    private readonly int[] _bytes = new int[Enum.GetValues<Direction>().Length];
    private volatile Disturbance? _disturbance;
    private int _disturbed;

    public HostileProxy(Uri server)
    {
        _server = server;
        _accepting = Task.WhenAll(_listeners.Select(AcceptAsync));
    }

    /// <summary>The address for clients. The in-process host answers requests to the name localhost only.</summary>
    public Uri Endpoint => new($"http://localhost:{PortOf(_listeners[0])}");

    /// <summary>The current disturbance; null to pass all bytes on as they are. Positions count from the moment when it is set.</summary>
    public Disturbance? Disturbance
    {
        get => _disturbance;
        set => _disturbance = value;
    }

    /// <summary>How many connections were disturbed.</summary>
    public int Disturbed => _disturbed;

    /// <summary>The x-ms-client-request-id of each request that came from the client. A request that is sent again counts again.</summary>
    public IReadOnlyCollection<string> RequestIds => [.. _requestIds];

    /// <summary>How many bytes have come from one side.</summary>
    public int BytesOf(Direction direction) => Volatile.Read(ref _bytes[(int)direction]);

    /// <summary>Closes all connections to the client, and waits until the server has closed those to it.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (TcpListener listener in _listeners)
        {
            listener.Stop();
        }

        await _accepting;
        foreach (ProxyConnection connection in _connections)
        {
            connection.CloseClient(reset: false);
            await connection.Completion.WaitAsync(_closeTimeout);
        }
    }

    /// <summary>Asks whether another connection may be disturbed, and counts it.</summary>
    internal bool TryDisturb(Disturbance disturbance)
    {
        if (_disturbed >= disturbance.Connections)
        {
            return false;
        }

        Interlocked.Increment(ref _disturbed);
        return true;
    }

    internal void AddBytes(Direction direction, int count) => Interlocked.Add(ref _bytes[(int)direction], count);

    internal void AddRequestId(string requestId) => _requestIds.Enqueue(requestId);

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Listens on both addresses of localhost. Otherwise another server could get the port on the other one, and the calls.</summary>
    private static IReadOnlyList<TcpListener> Listen()
    {
        while (true)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var second = new TcpListener(IPAddress.IPv6Loopback, PortOf(listener));
            try
            {
                second.Start();
                return [listener, second];
            }
            catch (SocketException problem) when (problem.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                listener.Stop();
            }
            catch (SocketException)
            {
                // This machine has no IPv6.
                return [listener];
            }
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                Socket client = await listener.AcceptSocketAsync();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(_server.Host, _server.Port);
                _connections.Enqueue(new ProxyConnection(this, client, server));
            }
        }
        // TcpListener throws the base class if it was stopped before the call, and not during it.
        catch (Exception stopped) when (stopped is SocketException or InvalidOperationException)
        {
        }
    }
}
