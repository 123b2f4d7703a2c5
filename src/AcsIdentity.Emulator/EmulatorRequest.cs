using System;
using System.Collections.Generic;

namespace AcsIdentity.Emulator;

/// <summary>One HTTP request, as a host hands it to <see cref="IdentityEmulator"/>.</summary>
public sealed class EmulatorRequest
{
    /// <summary>The HTTP method, in upper case.</summary>
    public required string Method { get; init; }

    /// <summary>The request target exactly as it stood in the request line, still percent-encoded: it is what the client signed.</summary>
    public required string RawTarget { get; init; }

    /// <summary>The header fields; names compare without regard to case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body; empty when there is none.</summary>
    public byte[] Body { get; init; } = [];

    internal string? Header(string name) => Headers.TryGetValue(name, out string? value) ? value : null;

    internal string RawPath => QueryStart < 0 ? RawTarget : RawTarget.Substring(0, QueryStart);

    /// <summary>The decoded path segments, without the empty one before the leading slash.</summary>
    internal string[] PathSegments()
    {
        string[] raw = RawPath.TrimStart('/').Split('/');
        return Array.ConvertAll(raw, Uri.UnescapeDataString);
    }

    /// <summary>The decoded value of the first query parameter of that name, or null.</summary>
    internal string? QueryParameter(string name)
    {
        if (QueryStart < 0)
        {
            return null;
        }

        foreach (string pair in RawTarget.Substring(QueryStart + 1).Split('&'))
        {
            int equals = pair.IndexOf('=');
            string key = equals < 0 ? pair : pair.Substring(0, equals);
            if (string.Equals(Uri.UnescapeDataString(key), name, StringComparison.OrdinalIgnoreCase))
            {
                return equals < 0 ? "" : Uri.UnescapeDataString(pair.Substring(equals + 1));
            }
        }

        return null;
    }

    private int QueryStart => RawTarget.IndexOf('?');
}
