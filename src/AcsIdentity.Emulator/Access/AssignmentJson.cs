using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Access;

/// <summary>Reads and writes the members of assignments.</summary>
internal static class AssignmentJson
{
    /// <exception cref="ServiceError">The text is not a GUID.</exception>
    public static Guid ReadId(string text, string name) => Guid.TryParse(text, out Guid id) ? id : throw ServiceError.MemberMalformed(name, "a GUID");

    /// <returns>The kind of principal, as the client sent it; null if the body has none.</returns>
    /// <exception cref="ServiceError">The kind is not one of those.</exception>
    public static string? ReadPrincipalType(JsonBody body, string[] principalTypes)
    {
        string? principalType = body.GetString("principalType");
        return principalType is null || principalTypes.Contains(principalType, StringComparer.OrdinalIgnoreCase)
            ? principalType
            : throw ServiceError.MemberMalformed("principalType", "one of " + string.Join(", ", principalTypes));
    }

    /// <returns>The ids of the applications; null if the body has none.</returns>
    /// <exception cref="ServiceError">An id is not a GUID.</exception>
    public static IReadOnlyList<Guid>? ReadClientIds(JsonBody body) => body.GetStrings("clientIds")?.Select(id => ReadId(id, "clientIds")).ToArray();

    public static void Write(Utf8JsonWriter json, AccessAssignment assignment)
    {
        json.WriteString("objectId", assignment.ObjectId);
        json.WriteString("tenantId", assignment.TenantId);
        json.WriteString("principalType", assignment.PrincipalType);
        if (assignment.ClientIds is { } clientIds)
        {
            json.WriteStartArray("clientIds");
            foreach (Guid clientId in clientIds)
            {
                json.WriteStringValue(clientId);
            }

            json.WriteEndArray();
        }
    }
}
