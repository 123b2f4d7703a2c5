using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AcsIdentity.Emulator;

/// <summary>One HTTP answer of <see cref="IdentityEmulator"/>, for a host to send.</summary>
public sealed class EmulatorResponse
{
    // With the + of a time zone and the ' of a message as they are.
    private static readonly JsonWriterOptions _asTheServiceWrites = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>The header fields, Content-Type among them when there is a body. Content-Length is the host's to add.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body; empty when there is none.</summary>
    public byte[] Body { get; init; } = [];

    internal static EmulatorResponse Json(int status, string contentType, Action<Utf8JsonWriter> writeMembers)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, _asTheServiceWrites))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return new EmulatorResponse { Status = status, Body = buffer.ToArray(), Headers = { ["Content-Type"] = contentType } };
    }
}
