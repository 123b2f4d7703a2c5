using System;
using System.Security;

namespace AcsIdentity.Connections;

/// <summary>
/// A connection string as the Azure portal shows it: endpoint=https://...;accesskey=..., with the keywords in any case and
/// order. UseDevelopmentEmulator=true stands for the emulator in this process.
/// </summary>
internal sealed class ConnectionString
{
    private const string EmulatorKeyword = "UseDevelopmentEmulator";

    private ConnectionString(Uri? endpoint, SecureString? accessKey)
    {
        Endpoint = endpoint;
        AccessKey = accessKey;
    }

    /// <summary>The address of the resource. Null for the emulator.</summary>
    public Uri? Endpoint { get; }

    /// <summary>The access key of the resource. Null for the emulator.</summary>
    public SecureString? AccessKey { get; }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">A part is missing or wrong. The message names the part, but quotes no value: in a malformed string any value may be the key.</exception>
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
            if (EqualsIgnoreCase(keyword, "endpoint"))
            {
                endpoint = value;
            }
            else if (EqualsIgnoreCase(keyword, "accesskey"))
            {
                accessKey = value;
            }
            else if (EqualsIgnoreCase(keyword, EmulatorKeyword))
            {
                emulator = value;
            }
        }

        if (emulator is not null)
        {
            return EqualsIgnoreCase(emulator, "true")
                ? new ConnectionString(null, null)
                : throw new FormatException($"The only valid value of {EmulatorKeyword} is true.");
        }

        return new ConnectionString(
            ParseEndpoint(endpoint ?? throw new FormatException("The connection string has no endpoint. It looks like endpoint=https://...;accesskey=...")),
            ParseAccessKey(accessKey ?? throw new FormatException("The connection string has no accesskey. It looks like endpoint=https://...;accesskey=...")));
    }

    /// <summary>Reads the endpoint of a resource.</summary>
    /// <exception cref="FormatException">The text is not a valid endpoint. The message says why and does not quote the text.</exception>
    public static Uri ParseEndpoint(string text)
    {
        // An endpoint has nothing after the host. A text there may be a misplaced key, and endpoints are shown.
        string? problem = !Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("https" or "http") ? "is not an address"
            : endpoint.UserInfo.Length > 0 ? "has a user name"
            : endpoint.AbsolutePath != "/" ? "has a path"
            : endpoint.Query.Length > 0 ? "has a query"
            : endpoint.Fragment.Length > 0 ? "has a fragment"
            : endpoint.Scheme == "http" && !Loopback.IsLoopback(endpoint) ? "uses http, which is not encrypted. Use https. Only endpoints on this machine may use http, such as http://localhost:7080/"
            : null;
        return problem is null ? endpoint! : throw new FormatException($"The endpoint {problem}. An endpoint looks like https://my-resource.communication.azure.com/.");
    }

    /// <summary>Checks an access key.</summary>
    /// <exception cref="FormatException">The key is empty or not base64.</exception>
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
            throw new FormatException("The accesskey is not base64. Copy the whole key, with the = signs at its end.");
        }
    }

    private static bool EqualsIgnoreCase(string text, string expected) => string.Equals(text, expected, StringComparison.OrdinalIgnoreCase);
}
