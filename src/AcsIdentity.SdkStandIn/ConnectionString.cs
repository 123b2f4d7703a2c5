using System;

namespace Azure.Communication.Identity;

/// <summary>Parses endpoint=...;accesskey=... Case does not matter, and a trailing semicolon is permitted.</summary>
internal static class ConnectionString
{
    public static (Uri Endpoint, AzureKeyCredential Key) Parse(string connectionString)
    {
        string? endpoint = null;
        string? key = null;
        foreach (string part in (connectionString ?? throw new ArgumentNullException(nameof(connectionString))).Split([';'], StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            string value = part.Substring(equals + 1).Trim();
            switch (part.Substring(0, Math.Max(equals, 0)).Trim().ToUpperInvariant())
            {
                case "ENDPOINT":
                    endpoint = value;
                    break;
                case "ACCESSKEY":
                    key = value;
                    break;
            }
        }

        return endpoint is not null && key is not null
            ? (new Uri(endpoint), new AzureKeyCredential(key))
            : throw new InvalidOperationException("The connection string has no endpoint or no accesskey.");
    }
}
