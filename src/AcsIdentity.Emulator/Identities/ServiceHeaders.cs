using System;
using System.Globalization;
using System.Linq;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Identities;

/// <summary>The headers of the recorded responses of the service.</summary>
internal static class ServiceHeaders
{
    /// <param name="response">The response.</param>
    /// <param name="request">The request.</param>
    /// <param name="duration">How long the emulator took.</param>
    /// <param name="supportedVersions">The versions that have the route; null if there is no route.</param>
    public static void Add(EmulatorResponse response, EmulatorRequest request, TimeSpan duration, string? supportedVersions)
    {
        if (supportedVersions is not null && response.ReportsVersions)
        {
            response.Headers["api-supported-versions"] = supportedVersions;
        }

        response.Headers["Request-Context"] = "appId=";
        response.Headers["MS-CV"] = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=') + ".0";
        response.Headers["X-Processing-Time"] = ((long)duration.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms";
        response.Headers["X-Azure-Ref"] = Guid.NewGuid().ToString("N");
        response.Headers["X-Cache"] = "CONFIG_NOCACHE";
        response.Headers["Strict-Transport-Security"] = "max-age=31536000;includeSubDomains";
        // A host would fail to send any other character, after the operation was performed.
        if (request.Header("x-ms-client-request-id") is { } requestId && requestId.All(character => character is >= ' ' and <= '~'))
        {
            response.Headers["x-ms-client-request-id"] = requestId;
        }
    }
}
