using System.Text.Json;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>Writes identities and tokens as the service does.</summary>
internal static class IdentityJson
{
    /// <summary>Writes the id and, in an api-version that has them, customId and lastTokenIssuedAt: the members and their order are recorded.</summary>
    public static void WriteIdentity(Utf8JsonWriter json, Identity identity, ApiVersion version)
    {
        if (version.HasIdentityDetails && identity.CustomId is { } customId)
        {
            json.WriteString("customId", customId);
            if (identity.LastTokenIssuedAt is { } issuedAt)
            {
                json.WriteString("lastTokenIssuedAt", EmulatorResponse.TimestampInSeconds(issuedAt));
            }
        }

        json.WriteString("id", identity.Id);
    }

    public static void WriteToken(Utf8JsonWriter json, IssuedToken token)
    {
        json.WriteString("token", token.Text);
        json.WriteString("expiresOn", EmulatorResponse.Timestamp(token.ExpiresOn));
    }
}
