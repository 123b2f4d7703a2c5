using System;
using System.Globalization;
using System.Linq;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Identities;

/// <summary>The headers of every recorded response of the service.</summary>
internal static class ServiceHeaders
{
    public static void Add(EmulatorResponse response, EmulatorRequest request, TimeSpan duration)
    {
        response.Headers["api-supported-versions"] = ApiVersion.SupportedHeader;
        response.Headers["Request-Context"] = "appId=";
        response.Headers["MS-CV"] = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=') + ".0";
        response.Headers["X-Processing-Time"] = ((long)duration.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms";
        response.Headers["X-Azure-Ref"] = Guid.NewGuid().ToString("N");
        response.Headers["X-Cache"] = "CONFIG_NOCACHE";
        response.Headers["Strict-Transport-Security"] = "max-age=2592000";
        // A host would fail to send any other character, after the operation was performed.
        if (request.Header("x-ms-client-request-id") is { } requestId && requestId.All(character => character is >= ' ' and <= '~'))
        {
            response.Headers["x-ms-client-request-id"] = requestId;
        }
    }
}
