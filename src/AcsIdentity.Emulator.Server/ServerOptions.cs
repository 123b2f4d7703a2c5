using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace AcsIdentity.Emulator.Server;

/// <summary>Where a <see cref="KestrelHost"/> listens.</summary>
internal sealed record ServerOptions
{
    /// <summary>The address; null for loopback, under both its IPv4 and its IPv6 address where the port is not picked.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The port for HTTP; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port for HTTPS; 0 picks a free one, null listens for none.</summary>
    public int? HttpsPort { get; init; }

    /// <summary>The certificate for HTTPS.</summary>
    public X509Certificate2? Certificate { get; init; }
}
