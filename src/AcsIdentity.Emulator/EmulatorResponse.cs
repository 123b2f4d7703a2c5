using System;
using System.Collections.Generic;

namespace AcsIdentity.Emulator;

/// <summary>One HTTP answer of <see cref="IdentityEmulator"/>, for a host to send.</summary>
public sealed class EmulatorResponse
{
    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>The header fields, Content-Type among them when there is a body. Content-Length is the host's to add.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body; empty when there is none.</summary>
    public byte[] Body { get; init; } = [];
}
