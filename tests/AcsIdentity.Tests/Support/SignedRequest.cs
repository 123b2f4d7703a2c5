using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Tests.Support;

/// <summary>Correctly signed requests. Written from the service's documentation, not from the code of the client or the emulator.</summary>
internal static class SignedRequest
{
    public const string Host = "localhost:7080";

    public static EmulatorRequest Create(string accessKey, string method, string target, string body = "", DateTimeOffset? date = null, string host = Host) =>
        Create(accessKey, method, target, Encoding.UTF8.GetBytes(body), date, host);

    public static EmulatorRequest Create(string accessKey, string method, string target, byte[] body, DateTimeOffset? date = null, string host = Host)
    {
        string hash = Convert.ToBase64String(SHA256.HashData(body));
        string dateText = (date ?? DateTimeOffset.UtcNow).ToString("r", CultureInfo.InvariantCulture);
        return new EmulatorRequest
        {
            Method = method,
            RawTarget = target,
            Body = body,
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["Host"] = host,
                ["x-ms-date"] = dateText,
                ["x-ms-content-sha256"] = hash,
                ["Authorization"] = "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature="
                    + Signature(accessKey, $"{method}\n{target}\n{dateText};{host};{hash}"),
            },
        };
    }

    /// <summary>Returns the request with some headers replaced. Null removes a header.</summary>
    public static EmulatorRequest With(this EmulatorRequest request, params (string Name, string? Value)[] headers)
    {
        var changed = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string? value) in headers)
        {
            changed.Remove(name);
            if (value is not null)
            {
                changed[name] = value;
            }
        }

        return request with { Headers = changed };
    }

    public static string Signature(string accessKey, string stringToSign) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(accessKey), Encoding.ASCII.GetBytes(stringToSign)));
}
