#if !NET
using System.Net;

namespace AcsIdentity.Service.Transport;

/// <summary>Sets the TLS versions that Windows PowerShell offers to a server.</summary>
internal static class TransportSecurity
{
    /// <summary>SecurityProtocolType.SystemDefault of the .NET Framework; netstandard2.0 has no name for it.</summary>
    private const SecurityProtocolType SystemDefault = 0;

    /// <summary>
    /// Adds TLS 1.2 to the versions of the process. Azure requires it, and Windows PowerShell on older Windows offers TLS 1.0
    /// at most. If the operating system chooses the version, this changes nothing: a named version would exclude newer ones.
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
