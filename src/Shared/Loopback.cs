using System;

namespace AcsIdentity;

/// <summary>Addresses whose traffic never leaves the machine.</summary>
internal static class Loopback
{
    /// <summary>True for loopback addresses and names below localhost (RFC 6761).</summary>
    public static bool IsLoopback(Uri address) =>
        address.IsLoopback || address.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
