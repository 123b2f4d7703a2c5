using System;
using System.Text.Json;
using AcsIdentity.Emulator.Access;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>Writes the newest identities, all access assignments and the newest requests as JSON.</summary>
internal sealed class StateJson(IdentityEmulator emulator, IdentityStore identities, Assignments assignments, TimeProvider clock)
{
    private const int MaxIdentities = 1000;

    public void WriteIdentities(Utf8JsonWriter json)
    {
        json.WriteNumber("count", identities.Count);
        json.WriteStartArray("newest");
        foreach (Identity identity in identities.Newest(MaxIdentities))
        {
            json.WriteStartObject();
            WriteIdentity(json, identity);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public void WriteAssignments(Utf8JsonWriter json)
    {
        json.WriteStartArray("assignments");
        foreach ((string kind, AccessAssignment assignment) in assignments.All)
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            AssignmentJson.Write(json, assignment);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public void WriteRequests(Utf8JsonWriter json)
    {
        json.WriteNumber("count", emulator.RequestCount);
        json.WriteStartArray("newest");
        foreach (LoggedRequest logged in emulator.Requests)
        {
            json.WriteStartObject();
            WriteRequest(json, logged);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteIdentity(Utf8JsonWriter json, Identity identity)
    {
        json.WriteString("id", identity.Id);
        if (identity.CustomId is { } customId)
        {
            json.WriteString("customId", customId);
        }

        WriteTime(json, "createdAt", identity.CreatedAt);
        if (identity.LastTokenIssuedAt is { } issuedAt)
        {
            WriteTime(json, "lastTokenIssuedAt", issuedAt);
        }

        (long issued, long revoked) = identity.Tokens;
        json.WriteNumber("tokensIssued", issued);
        json.WriteNumber("tokensRevoked", revoked);
        DateTimeOffset now = clock.GetUtcNow();
        json.WriteStartArray("newestTokens");
        foreach (TokenRecord token in identity.NewestTokens)
        {
            json.WriteStartObject();
            WriteToken(json, identity, token, now);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteToken(Utf8JsonWriter json, Identity identity, TokenRecord token, DateTimeOffset now)
    {
        json.WriteNumber("number", token.Number);
        json.WriteStartArray("scopes");
        foreach (string scope in token.Scopes.Split(','))
        {
            json.WriteStringValue(scope);
        }

        json.WriteEndArray();
        WriteTime(json, "issuedAt", token.IssuedAt);
        WriteTime(json, "expiresOn", token.ExpiresOn);
        json.WriteBoolean("revoked", identity.IsRevoked(token.Number));
        json.WriteBoolean("expired", token.IsExpired(now));
    }

    private static void WriteRequest(Utf8JsonWriter json, LoggedRequest logged)
    {
        json.WriteNumber("number", logged.Number);
        WriteTime(json, "time", logged.Time);
        json.WriteString("operation", logged.Operation?.ToString());
        json.WriteString("method", logged.Method);
        json.WriteString("target", logged.Target);
        if (logged.Status is { } status)
        {
            json.WriteNumber("status", status);
        }

        json.WriteNumber("milliseconds", Math.Round(logged.Duration.TotalMilliseconds, 3));
        json.WriteString("userAgent", logged.UserAgent);
        json.WriteString("requestId", logged.RequestId);
        json.WriteString("fault", logged.Fault?.ToString());
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, EmulatorResponse.Timestamp(time));
}
