using System;
using System.Net;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>
/// Protects the control API from other web sites. The API has no credentials, and a browser that can connect to the
/// emulator sends the requests of every site that it shows.
/// </summary>
internal static class CrossSiteGuard
{
    private static readonly string _machineName = Dns.GetHostName();

    /// <summary>
    /// Prevents DNS rebinding: a site can point its own name at the emulator, and then has the same origin. It cannot do
    /// this with an IP address, localhost or this machine's name.
    /// </summary>
    /// <exception cref="ServiceError">The Host header has another name.</exception>
    public static void RequireTrustedHost(EmulatorRequest request)
    {
        if (!Uri.TryCreate("http://" + request.Header("Host"), UriKind.Absolute, out Uri? address) || !IsTrusted(address))
        {
            throw ServiceError.InvalidControlRequest(403, "Use localhost, an IP address or the machine's name in the URL. Other host names are not allowed.");
        }
    }

    /// <summary>Prevents cross-site request forgery: any site can post a form here, but the browser sends the origin of the site.</summary>
    /// <exception cref="ServiceError">The request does not come from the status page.</exception>
    public static void RequireSameOrigin(EmulatorRequest request)
    {
        string? host = request.Header("Host");
        if (request.Header("Origin") is not { } origin || (origin != "http://" + host && origin != "https://" + host))
        {
            throw ServiceError.InvalidControlRequest(403, "This request is allowed from the emulator's status page only.");
        }
    }

    private static bool IsTrusted(Uri address) =>
        address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
        || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || string.Equals(address.Host, _machineName, StringComparison.OrdinalIgnoreCase);
}
