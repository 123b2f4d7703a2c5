using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Emulator.Http;

/// <summary>One HTTP request that a host passes to <see cref="IdentityEmulator"/>.</summary>
public sealed record EmulatorRequest
{
    /// <summary>The longest body that the emulator accepts. Requests to the service are far shorter.</summary>
    private const int MaxBodyBytes = 64 * 1024;

    /// <summary>Room for the body of most requests. It doubles for longer ones.</summary>
    private const int FirstBodyBytes = 256;

    /// <summary>The HTTP method, in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>The request target exactly as in the request line, percent-encoded, because the client signed it in this form.</summary>
    public required string RawTarget { get; init; }

    /// <summary>The header fields. The dictionary ignores the case of names.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Whether the request was sent over TLS.</summary>
    public bool IsSecure { get; init; }

    /// <summary>The body; empty if there is none. See <see cref="WithBodyAsync(Stream, long?, TimeSpan, CancellationToken)"/>.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>Whether the body was read to its end. If not, the rest of it is still on the connection.</summary>
    internal bool IsBodyWhole => !BodyTimedOut && Body.Length <= MaxBodyBytes;

    private bool BodyTimedOut { get; init; }

    /// <summary>Reads the body and returns the request with it. Stops reading when the body is too long or too slow.</summary>
    /// <param name="stream">The stream of the body.</param>
    /// <param name="contentLength">The length of the body; null if the head does not tell it.</param>
    /// <param name="timeout">How long the client may take to send the body.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public Task<EmulatorRequest> WithBodyAsync(Stream stream, long? contentLength, TimeSpan timeout, CancellationToken cancellationToken) =>
        WithBodyAsync(
            // Does not read at the end: HttpListener uses another thread for each read.
            part => part.Offset == contentLength ? Task.FromResult(0) : stream.ReadAsync(part.Array!, part.Offset, part.Count, CancellationToken.None),
            endRead: null,
            timeout,
            cancellationToken);

    /// <summary>Reads the body and returns the request with it. Stops reading when the body is too long or too slow.</summary>
    /// <param name="read">Reads the next part of the body into the rest of a buffer, and returns its length; 0 at the end.</param>
    /// <param name="endRead">Ends a read that waits for data. Null if that is not possible, as with HttpListener: then the read is abandoned.</param>
    /// <param name="timeout">How long the client may take to send the body.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<EmulatorRequest> WithBodyAsync(Func<ArraySegment<byte>, Task<int>> read, Action? endRead, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new BodyTimeLimit(timeout, cancellationToken);
        byte[] body = new byte[FirstBodyBytes];
        int length = 0;
        int count;
        try
        {
            do
            {
                if (length == body.Length)
                {
                    Array.Resize(ref body, Math.Min(2 * length, MaxBodyBytes + 1));
                }

                count = await limit.ReadAsync(read(new ArraySegment<byte>(body, length, body.Length - length)), endRead).ConfigureAwait(false);
                length += count;
            }
            while (count > 0 && length <= MaxBodyBytes);

            Array.Resize(ref body, length);
            return this with { Body = body };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return this with { BodyTimedOut = true };
        }
    }

    /// <exception cref="ServiceError">The body is too long, or was not sent in time.</exception>
    internal void RequireBodyWithinLimits()
    {
        if (BodyTimedOut)
        {
            throw ServiceError.BodyTimedOut();
        }

        if (Body.Length > MaxBodyBytes)
        {
            throw ServiceError.BodyTooLong(MaxBodyBytes);
        }
    }

    internal string? Header(string name) => Headers.TryGetValue(name, out string? value) ? value : null;

    /// <summary>The address that the client connected to, without a path.</summary>
    internal string Origin => $"{(IsSecure ? "https" : "http")}://{Header("Host")}";

    internal string RawPath => QueryStart < 0 ? RawTarget : RawTarget.Substring(0, QueryStart);

    /// <summary>The decoded segments of the path.</summary>
    internal string[] PathSegments()
    {
        string[] raw = RawPath.TrimStart('/').Split('/');
        return Array.ConvertAll(raw, Uri.UnescapeDataString);
    }

    /// <summary>The decoded value of the first query parameter with the name, or null.</summary>
    internal string? QueryParameter(string name) => QueryStart < 0 ? null : Parameter(RawTarget.Substring(QueryStart + 1), name);

    /// <summary>The decoded value of the first form parameter with the name, or null.</summary>
    internal string? FormParameter(string name) => Parameter(Encoding.UTF8.GetString(Body), name);

    private static string? Parameter(string pairs, string name)
    {
        foreach (string pair in pairs.Split('&'))
        {
            int equals = pair.IndexOf('=');
            string key = equals < 0 ? pair : pair.Substring(0, equals);
            if (string.Equals(WebUtility.UrlDecode(key), name, StringComparison.OrdinalIgnoreCase))
            {
                return equals < 0 ? "" : WebUtility.UrlDecode(pair.Substring(equals + 1));
            }
        }

        return null;
    }

    private int QueryStart => RawTarget.IndexOf('?');
}
