using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Moments;

/// <summary>One connection through the proxy: two sockets, and a pump for each direction.</summary>
internal sealed class ProxyConnection
{
    private static readonly Regex _requestId = new("x-ms-client-request-id: ([^\r]+)\r\n");

    private readonly HostileProxy _proxy;
    private readonly Socket _client;
    private readonly Pump _requests;
    private readonly Pump _answers;
    private readonly StringBuilder _text = new();

    public ProxyConnection(HostileProxy proxy, Socket client, Socket server)
    {
        client.NoDelay = server.NoDelay = true;
        _proxy = proxy;
        _client = client;
        _requests = new Pump(this, client, server, Direction.Request);
        _answers = new Pump(this, server, client, Direction.Answer);
        Completion = RunAsync(server);
    }

    /// <summary>Ends when both sides have closed.</summary>
    public Task Completion { get; }

    /// <summary>Closes the connection to the client. The server then sees the end of the requests.</summary>
    public void CloseClient(bool reset)
    {
        if (reset)
        {
            _client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        else
        {
            // Without it, .NET resets a connection on which a receive is pending.
            EndSending(_client);
        }

        _client.Dispose();
    }

    private static void EndSending(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task RunAsync(Socket server)
    {
        await Task.WhenAll(_requests.RunAsync(), _answers.RunAsync());
        _client.Dispose();
        server.Dispose();
    }

    private void ReadRequestIds(ReadOnlyMemory<byte> data)
    {
        _text.Append(Encoding.Latin1.GetString(data.Span));
        while (_requestId.Match(_text.ToString()) is { Success: true } found)
        {
            _proxy.AddRequestId(found.Groups[1].Value);
            _text.Remove(0, found.Index + found.Length);
        }
    }

    /// <summary>Passes bytes on in one direction.</summary>
    private sealed class Pump(ProxyConnection connection, Socket source, Socket target, Direction direction)
    {
        /// <summary>The bytes since the disturbance was set.</summary>
        private readonly List<byte> _message = [];
        private Disturbance? _disturbance;
        private bool _isDone;
        private byte[] _late = [];

        /// <summary>Ends when the source sends no more. Bytes for a target that has closed are dropped.</summary>
        public async Task RunAsync()
        {
            byte[] buffer = new byte[16 * 1024];
            while (await ReceiveAsync(buffer) is > 0 and var count)
            {
                Memory<byte> data = buffer.AsMemory(0, count);
                connection._proxy.AddBytes(direction, count);
                if (direction == Direction.Request)
                {
                    connection.ReadRequestIds(data);
                }

                await PassAsync(data);
            }

            EndSending(target);
        }

        private async Task PassAsync(ReadOnlyMemory<byte> data)
        {
            await SendAsync(_late);
            _late = [];
            Disturbance? disturbance = connection._proxy.Disturbance;
            if (!ReferenceEquals(disturbance, _disturbance))
            {
                _disturbance = disturbance;
                _isDone = false;
                _message.Clear();
            }

            if (disturbance is null || disturbance.Direction != direction || _isDone)
            {
                await SendAsync(data);
                return;
            }

            int before = disturbance.Position - _message.Count;
            _message.AddRange(data.Span);
            if (before > data.Length)
            {
                await SendAsync(data);
                return;
            }

            _isDone = true;
            if (!connection._proxy.TryDisturb(disturbance))
            {
                await SendAsync(data);
                return;
            }

            await SendAsync(data[..before]);
            await DisturbAsync(disturbance, data[before..]);
        }

        private async Task DisturbAsync(Disturbance disturbance, ReadOnlyMemory<byte> rest)
        {
            switch (disturbance.Kind)
            {
                case DisturbanceKind.Cut or DisturbanceKind.Reset:
                    connection.CloseClient(reset: disturbance.Kind == DisturbanceKind.Reset);
                    return;
                case DisturbanceKind.Delay:
                    await Task.Delay(disturbance.Pause);
                    break;
                case DisturbanceKind.Duplicate:
                    await SendAsync(_message.GetRange(0, disturbance.Position).ToArray());
                    break;
                case DisturbanceKind.DuplicateLater:
                    _late = [.. _message.GetRange(0, disturbance.Position)];
                    break;
                case DisturbanceKind.Trickle:
                    for (; rest.Length > disturbance.PieceLength; rest = rest[disturbance.PieceLength..])
                    {
                        await SendAsync(rest[..disturbance.PieceLength]);
                        await Task.Delay(1);
                    }

                    break;
            }

            await SendAsync(rest);
        }

        private async Task<int> ReceiveAsync(Memory<byte> buffer)
        {
            try
            {
                return await source.ReceiveAsync(buffer);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return 0;
            }
        }

        private async Task SendAsync(ReadOnlyMemory<byte> data)
        {
            try
            {
                for (; data.Length > 0; data = data[await target.SendAsync(data)..])
                {
                }
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
            }
        }
    }
}
