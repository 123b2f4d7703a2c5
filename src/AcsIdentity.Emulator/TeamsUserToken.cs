using System;
using System.Text.Json;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator;

/// <summary>The claims of an Entra token that is to be exchanged for a Teams user's access token.</summary>
/// <remarks>The emulator does not hold Entra's keys, so the signature is not checked: any JSON Web Token with the right claims will do.</remarks>
internal sealed class TeamsUserToken
{
    private TeamsUserToken(string? appId, string? userId, DateTimeOffset expiresOn)
    {
        AppId = appId;
        UserId = userId;
        ExpiresOn = expiresOn;
    }

    /// <summary>The application it was issued to: claim azp of a v2.0 token, appid of a v1.0 one.</summary>
    public string? AppId { get; }

    /// <summary>The user it was issued for: claim oid.</summary>
    public string? UserId { get; }

    public DateTimeOffset ExpiresOn { get; }

    /// <returns>Null where the text is no JSON Web Token with an expiry.</returns>
    public static TeamsUserToken? TryRead(string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            using JsonDocument payload = JsonDocument.Parse(Base64Url.Decode(parts[1]));
            JsonElement claims = payload.RootElement;
            string? Text(string name) =>
                claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

            return claims.ValueKind == JsonValueKind.Object && claims.TryGetProperty("exp", out JsonElement expiry) && expiry.TryGetInt64(out long seconds)
                ? new TeamsUserToken(Text("azp") ?? Text("appid"), Text("oid"), DateTimeOffset.FromUnixTimeSeconds(seconds))
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
