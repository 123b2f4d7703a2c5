using System;
using System.Security;

namespace AcsIdentity.Connections;

/// <summary>
/// endpoint=https://...;accesskey=... as the Azure portal shows it: keywords in any case, in any order. Or
/// UseDevelopmentEmulator=true, which means the emulator of this process.
/// </summary>
internal sealed class ConnectionString
{
    private const string EmulatorKeyword = "UseDevelopmentEmulator";

    private ConnectionString(Uri? endpoint, SecureString? accessKey)
    {
        Endpoint = endpoint;
        AccessKey = accessKey;
    }

    /// <summary>Null where the emulator is meant.</summary>
    public Uri? Endpoint { get; }

    /// <summary>Null where the emulator is meant.</summary>
    public SecureString? AccessKey { get; }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">A part is missing or wrong. The message names the part and quotes no value: in a broken string any value may be the key.</exception>
    public static ConnectionString Parse(string text)
    {
        if (text.Trim().Length == 0)
        {
            throw new FormatException("The connection string is empty. If it comes from an environment variable, that variable may not be set.");
        }

        string? endpoint = null;
        string? accessKey = null;
        string? emulator = null;
        foreach (string part in text.Split([';'], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            string keyword = part.Substring(0, Math.Max(equals, 0)).Trim();
            string value = part.Substring(equals + 1).Trim();
            if (Is(keyword, "endpoint"))
            {
                endpoint = value;
            }
            else if (Is(keyword, "accesskey"))
            {
                accessKey = value;
            }
            else if (Is(keyword, EmulatorKeyword))
            {
                emulator = value;
            }
        }

        if (emulator is not null)
        {
            return Is(emulator, "true")
                ? new ConnectionString(null, null)
                : throw new FormatException($"{EmulatorKeyword} takes no other value than true.");
        }

        return new ConnectionString(
            ParseEndpoint(endpoint ?? throw new FormatException("The connection string has no endpoint. It looks like endpoint=https://...;accesskey=...")),
            ParseAccessKey(accessKey ?? throw new FormatException("The connection string has no accesskey. It looks like endpoint=https://...;accesskey=...")));
    }

    /// <summary>Reads the address of a resource.</summary>
    /// <exception cref="FormatException">The text is not an address that tokens may be asked of. The message says why, and does not quote it.</exception>
    public static Uri ParseEndpoint(string text)
    {
        // What follows the host may be a key in the wrong place, and endpoints are shown. Nor does the service have anything there.
        string? problem = !Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("https" or "http") ? "is not an address"
            : endpoint.UserInfo.Length > 0 ? "has a user name"
            : endpoint.AbsolutePath != "/" ? "has a path"
            : endpoint.Query.Length > 0 ? "has a query"
            : endpoint.Fragment.Length > 0 ? "has a fragment"
            : endpoint.Scheme == "http" && !IsThisMachine(endpoint) ? "is http, which anybody on the way can read. Use https; http is for this machine only, such as http://localhost:7080/"
            : null;
        return problem is null ? endpoint! : throw new FormatException($"The endpoint {problem}. An endpoint looks like https://my-resource.communication.azure.com/.");
    }

    /// <summary>Checks an access key.</summary>
    /// <exception cref="FormatException">It is empty or not base64.</exception>
    public static SecureString ParseAccessKey(string text)
    {
        try
        {
            return Convert.FromBase64String(text).Length > 0
                ? Secret.FromText(text)
                : throw new FormatException("The accesskey is empty.");
        }
        catch (FormatException) when (text.Trim().Length > 0)
        {
            throw new FormatException("The accesskey is not base64. Copy it whole, with the = signs at its end.");
        }
    }

    /// <summary>Loopback, and the names below localhost: they never leave the machine (RFC 6761).</summary>
    private static bool IsThisMachine(Uri address) =>
        address.IsLoopback || address.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool Is(string text, string expected) => string.Equals(text, expected, StringComparison.OrdinalIgnoreCase);
}
