using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AcsIdentity.Emulator.Http;

/// <summary>One HTTP answer of <see cref="IdentityEmulator"/>, for a host to send.</summary>
public sealed record EmulatorResponse
{
    // With the + of a time zone and the ' of a message as they are.
    private static readonly JsonWriterOptions _serviceFormat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>The header fields, Content-Type among them when there is a body. Content-Length is the host's to add.</summary>
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body; empty when there is none.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>How long a host waits before it does anything with this answer.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the client gets to see it.</summary>
    public Delivery Delivery { get; init; }

    /// <summary>As the service has been seen to write times: seven decimals and +00:00.</summary>
    internal static string Timestamp(DateTimeOffset time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    /// <summary>An answer that succeeds.</summary>
    internal static EmulatorResponse Json(int status, Action<Utf8JsonWriter> writeMembers) =>
        Json(status, "application/json; charset=utf-8", writeMembers);

    internal static EmulatorResponse Json(int status, string contentType, Action<Utf8JsonWriter> writeMembers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, _serviceFormat))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return new EmulatorResponse { Status = status, Body = buffer.ToArray(), Headers = { ["Content-Type"] = contentType } };
    }

    /// <summary>A file or page for a browser, which never keeps it.</summary>
    internal static EmulatorResponse Document(int status, string mediaType, string text, string contentSecurityPolicy) => new()
    {
        Status = status,
        Body = Encoding.UTF8.GetBytes(text),
        Headers =
        {
            ["Content-Type"] = mediaType + "; charset=utf-8",
            ["Content-Security-Policy"] = contentSecurityPolicy,
            ["X-Content-Type-Options"] = "nosniff",
            ["Cache-Control"] = "no-store",
        },
    };

    internal static EmulatorResponse Page(int status, HtmlBuilder html, string contentSecurityPolicy) =>
        Document(status, "text/html", html.ToString(), contentSecurityPolicy);
}
