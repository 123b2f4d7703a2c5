using System;
using System.Net;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>
/// Keeps other web sites out of the control API. It asks for no credentials, and a browser that can reach it carries
/// the requests of whatever pages it shows.
/// </summary>
internal static class CrossSiteGuard
{
    private static readonly string _machineName = Dns.GetHostName();

    /// <summary>
    /// Against DNS rebinding: a site can have its own name lead here and would then be of one origin with the emulator. It
    /// can do so neither with an IP address nor with localhost nor with this machine's name.
    /// </summary>
    /// <exception cref="ServiceError">The request was sent to another name.</exception>
    public static void RequireTrustedHost(EmulatorRequest request)
    {
        if (!Uri.TryCreate("http://" + request.Header("Host"), UriKind.Absolute, out Uri? address) || !IsOwn(address))
        {
            throw ServiceError.InvalidControlRequest(403, "This is answered at localhost, at an IP address and at the machine's name only.");
        }
    }

    /// <summary>Against cross-site request forgery: a form of any site can be posted here, but a browser says whose it is.</summary>
    /// <exception cref="ServiceError">The request does not come from a page of the emulator's.</exception>
    public static void RequireSameOrigin(EmulatorRequest request)
    {
        string? host = request.Header("Host");
        if (request.Header("Origin") is not { } origin || (origin != "http://" + host && origin != "https://" + host))
        {
            throw ServiceError.InvalidControlRequest(403, "This is taken from the emulator's own page only.");
        }
    }

    private static bool IsOwn(Uri address) =>
        address.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
        || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || string.Equals(address.Host, _machineName, StringComparison.OrdinalIgnoreCase);
}
