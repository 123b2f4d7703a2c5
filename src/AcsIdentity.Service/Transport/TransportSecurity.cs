#if !NET
using System.Net;

namespace AcsIdentity.Service.Transport;

/// <summary>What Windows PowerShell offers to a server.</summary>
internal static class TransportSecurity
{
    /// <summary>SecurityProtocolType.SystemDefault of the .NET Framework; netstandard2.0 has no name for it.</summary>
    private const SecurityProtocolType SystemDefault = 0;

    /// <summary>
    /// Azure takes TLS 1.2 and newer. On older Windows, Windows PowerShell offers no more than TLS 1.0; the list is the
    /// process's, so ours is added to it. Where the system decides, which is the default elsewhere, that is left alone:
    /// naming one version would rule out the newer ones.
    /// </summary>
    public static void AllowTls12()
    {
        if (ServicePointManager.SecurityProtocol != SystemDefault)
        {
            ServicePointManager.SecurityProtocol |= SecurityProtocolType.Tls12;
        }
    }
}
#endif
