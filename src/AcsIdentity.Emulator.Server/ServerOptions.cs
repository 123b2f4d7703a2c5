using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace AcsIdentity.Emulator.Server;

/// <summary>The addresses that a <see cref="KestrelHost"/> listens on.</summary>
internal sealed record ServerOptions
{
    /// <summary>The IP address; null for loopback. With a fixed port, loopback is both 127.0.0.1 and [::1].</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The port for HTTP; 0 chooses a free port.</summary>
    public int Port { get; init; }

    /// <summary>The port for HTTPS; 0 chooses a free port, null means no HTTPS.</summary>
    public int? HttpsPort { get; init; }

    /// <summary>The certificate for HTTPS.</summary>
    public X509Certificate2? Certificate { get; init; }
}
