using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Support;

/// <summary>A loopback server that records each request and sends the given answers in turn. It repeats the last answer.</summary>
internal sealed class RecordingServer : IDisposable
{
    /// <summary>No answer: the server closes the connection after it has read the request.</summary>
    public const string HangUp = "";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _answers;
    private readonly ConcurrentQueue<string> _requests = new();

    public RecordingServer(params string[] answers)
    {
        _answers = new ConcurrentQueue<string>(answers);
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Endpoint => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Whether each connection is closed after one answer, complete or not.</summary>
    public bool HangsUpAfterAnswer { get; init; }

    /// <summary>The requests so far, head and body, decoded as Latin-1.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static string Answer(int status, string body, params string[] headers) =>
        $"HTTP/1.1 {status} x\r\n" + string.Concat(headers.Select(header => header + "\r\n")) + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public static string Refusal(int status, string code, string message, params string[] headers) =>
        Answer(status, $$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}"}}""", headers);

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
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
            NetworkStream stream = client.GetStream();
            while (await ReadRequestAsync(stream) is { } request)
            {
                _requests.Enqueue(request);
                string answer = _answers.Count > 1 && _answers.TryDequeue(out string? next) ? next : _answers.Single();
                if (answer == HangUp)
                {
                    return;
                }

                await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                if (HangsUpAfterAnswer)
                {
                    return;
                }
            }
        }
    }

    private static async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[8192];
        while (true)
        {
            string soFar = text.ToString();
            int headEnd = soFar.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (headEnd >= 0 && soFar.Length >= headEnd + 4 + ContentLength(soFar))
            {
                return soFar;
            }

            int count = await stream.ReadAsync(buffer);
            if (count == 0)
            {
                return null;
            }

            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }

    private static int ContentLength(string head)
    {
        const string Name = "\r\nContent-Length: ";
        int start = head.IndexOf(Name, StringComparison.Ordinal);
        return start < 0 ? 0 : int.Parse(head[(start + Name.Length)..].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
