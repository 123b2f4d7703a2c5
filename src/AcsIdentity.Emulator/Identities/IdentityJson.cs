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

    /// <summary>Writes the answer of an operation that gives an identity, and a token if it gives one.</summary>
    public static void WriteIdentityWithToken(Utf8JsonWriter json, Identity identity, IssuedToken? token, ApiVersion version)
    {
        json.WriteStartObject("identity");
        WriteIdentity(json, identity, version);
        json.WriteEndObject();
        if (token is { } issued)
        {
            json.WriteStartObject("accessToken");
            WriteToken(json, issued);
            json.WriteEndObject();
        }
    }

    public static void WriteToken(Utf8JsonWriter json, IssuedToken token)
    {
        json.WriteString("token", token.Text);
        json.WriteString("expiresOn", EmulatorResponse.Timestamp(token.ExpiresOn));
    }
}
