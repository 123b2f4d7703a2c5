using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Tokens;

/// <summary>A parsed JSON Web Token (RFC 7519). Do not trust the claims before <see cref="IsSignedWith"/> has checked the signature.</summary>
internal sealed class JsonWebToken
{
    private readonly byte[] _signedPart;
    private readonly byte[] _signature;
    private readonly Dictionary<string, string> _header;
    private readonly Dictionary<string, string> _claims;

    private JsonWebToken(string token, string[] parts)
    {
        _header = ReadMembers(parts[0]);
        _claims = ReadMembers(parts[1]);
        _signature = Base64Url.Decode(parts[2]);
        _signedPart = Encoding.ASCII.GetBytes(token.Substring(0, token.LastIndexOf('.')));
    }

    public string? Algorithm => _header.TryGetValue("alg", out string? algorithm) ? algorithm : null;

    /// <returns>The token; null if the text is not a signed JSON Web Token.</returns>
    public static JsonWebToken? TryRead(string token)
    {
        string[] parts = token.Split('.');
        try
        {
            return parts.Length == 3 ? new JsonWebToken(token, parts) : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The value of a string or number claim; null if the token does not have it.</summary>
    public string? GetClaim(string claim) => _claims.TryGetValue(claim, out string? value) ? value : null;

    /// <summary>The value of a time claim, in seconds since 1970. Reads strings too, because MSAL sends times as strings.</summary>
    public DateTimeOffset? GetTime(string claim)
    {
        try
        {
            return long.TryParse(GetClaim(claim), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    public bool IsSignedWith(RSA key, RSASignaturePadding padding) =>
        key.VerifyData(_signedPart, _signature, HashAlgorithmName.SHA256, padding);

    private static Dictionary<string, string> ReadMembers(string part)
    {
        using JsonDocument document = JsonDocument.Parse(Base64Url.Decode(part));
        var members = new Dictionary<string, string>();
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            {
                members[member.Name] = member.Value.ToString();
            }
        }

        return members;
    }
}
