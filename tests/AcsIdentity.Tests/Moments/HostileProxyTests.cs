using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Moments;

/// <summary>The proxy does what its disturbances say.</summary>
public sealed class HostileProxyTests
{
    private const string Request = "GET / HTTP/1.1\r\n\r\n";
    private static readonly string _answer = RecordingServer.Answer(200, "abc");

    [Theory]
    [InlineData(null)]
    [InlineData(DisturbanceKind.Delay)]
    [InlineData(DisturbanceKind.Trickle)]
    public async Task Slow_bytes_arrive_as_they_were_sent(object? kind)
    {
        Assert.Equal((Request, _answer), await ExchangeAsync((DisturbanceKind?)kind, Direction.Request));
        Assert.Equal((Request, _answer), await ExchangeAsync((DisturbanceKind?)kind, Direction.Answer));
    }

    [Theory]
    [InlineData(DisturbanceKind.Cut)]
    [InlineData(DisturbanceKind.Reset)]
    public async Task Bytes_after_a_cut_are_lost(object kind)
    {
        Assert.Equal(("", ""), await ExchangeAsync((DisturbanceKind)kind, Direction.Request));
        Assert.Equal((Request, "HTTP/"), await ExchangeAsync((DisturbanceKind)kind, Direction.Answer));
    }

    [Fact]
    public async Task Bytes_up_to_the_position_are_repeated()
    {
        Assert.Equal(("GET /" + Request, _answer), await ExchangeAsync(DisturbanceKind.Duplicate, Direction.Request));
        Assert.Equal((Request, "HTTP/" + _answer), await ExchangeAsync(DisturbanceKind.Duplicate, Direction.Answer));
    }

    [Fact]
    public async Task Bytes_up_to_the_position_are_repeated_before_the_next_message()
    {
        Assert.Equal((Request, _answer + "HTTP/" + _answer), await ExchangeAsync(DisturbanceKind.DuplicateLater, Direction.Answer, requests: 2));
    }

    /// <summary>Sends requests, and disturbs the fifth byte of one direction.</summary>
    /// <returns>The first request as the server received it, and all that the client received.</returns>
    private static async Task<(string Request, string Answers)> ExchangeAsync(DisturbanceKind? kind, Direction direction, int requests = 1)
    {
        using var server = new RecordingServer(_answer);
        await using var proxy = new HostileProxy(server.Endpoint)
        {
            Disturbance = kind is { } known ? new Disturbance(known, direction, Position: 5, TimeSpan.FromMilliseconds(1), PieceLength: 2, Connections: 1) : null,
        };
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.Endpoint.Host, proxy.Endpoint.Port);
        NetworkStream stream = client.GetStream();
        var received = new StringBuilder();
        for (int i = 1; i <= requests; i++)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(Request));
            if (i < requests)
            {
                await ReadAsync(stream, received, _answer.Length);
            }
        }

        try
        {
            // The proxy ends the others, perhaps before this.
            if (kind is not (DisturbanceKind.Cut or DisturbanceKind.Reset))
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await ReadAsync(stream, received, int.MaxValue);
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
        }

        Assert.Equal(kind is null ? 0 : 1, proxy.Disturbed);
        return (server.Requests.Count == 0 ? "" : server.Requests[0], received.ToString());
    }

    /// <summary>Reads a number of bytes, or up to the end.</summary>
    private static async Task ReadAsync(NetworkStream stream, StringBuilder received, int count)
    {
        byte[] buffer = new byte[1024];
        for (int end = received.Length + Math.Min(count, 1_000_000); received.Length < end;)
        {
            int read = await stream.ReadAsync(buffer);
            if (read == 0)
            {
                return;
            }

            received.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
    }
}
