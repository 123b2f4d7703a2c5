using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Http;

/// <summary>One HTTP response of <see cref="IdentityEmulator"/>, for a host to send.</summary>
public sealed record EmulatorResponse
{
    // Like the service, does not escape + and '.
    private static readonly JsonWriterOptions _serviceFormat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The headers of an answer of the service, with some to spare: a dictionary that grows is slow.</summary>
    private const int MostHeaders = 10;

    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>The header fields, without Content-Length, which the host adds.</summary>
    public Dictionary<string, string> Headers { get; init; } = new(MostHeaders, StringComparer.OrdinalIgnoreCase);

    /// <summary>The body; empty if there is none.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>How long the host waits before it sends the response.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How much of the response the host sends.</summary>
    public Delivery Delivery { get; init; }

    /// <summary>Whether the response lists the supported versions. The service leaves them out of some refusals.</summary>
    internal bool ReportsVersions { get; init; } = true;

    /// <summary>Formats a time as the recorded responses do: with up to seven decimals, without trailing zeros, and with +00:00.</summary>
    internal static string Timestamp(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);

    /// <summary>Formats a time in whole seconds.</summary>
    internal static string TimestampInSeconds(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>Creates a JSON response with the content type of successful responses.</summary>
    internal static EmulatorResponse Json(int status, Action<Utf8JsonWriter> writeMembers) =>
        Json(status, "application/json; charset=utf-8", writeMembers);

    internal static EmulatorResponse Json(int status, string contentType, Action<Utf8JsonWriter> writeMembers) =>
        new() { Status = status, Body = JsonText.Write(writeMembers, _serviceFormat), Headers = { ["Content-Type"] = contentType } };

    /// <summary>Creates a response with a document that browsers do not cache.</summary>
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
