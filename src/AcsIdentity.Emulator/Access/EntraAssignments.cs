using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Access;

/// <summary>The operations on assignments for Entra's users, groups and tenants (2025-03-02-preview).</summary>
/// <remarks>
/// Shapes: the REST specification. Its answers are not recorded. Not recorded: the answer to a missing assignment, to its second
/// delete, and to a value of another form.
/// </remarks>
internal sealed class EntraAssignments(AssignmentStore assignments)
{
    private static readonly string[] _principalTypes = ["user", "group", "tenant"];

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", "access/entra/assignments", operation: null, version => version.HasEntraAccess, _ => List()),
        new("PATCH", "access/entra/assignments", operation: null, version => version.HasEntraAccess, Update),
        new("GET", "access/entra/assignments/{objectId}", operation: null, version => version.HasEntraAccess, Get),
        new("PUT", "access/entra/assignments/{objectId}", operation: null, version => version.HasEntraAccess, Put),
        new("DELETE", "access/entra/assignments/{objectId}", operation: null, version => version.HasEntraAccess, Delete),
    ];

    private EmulatorResponse List() => EmulatorResponse.Json(200, json =>
    {
        json.WriteStartArray("value");
        foreach (AccessAssignment assignment in assignments.All)
        {
            json.WriteStartObject();
            Write(json, assignment);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private EmulatorResponse Get(OperationCall call)
    {
        AccessAssignment assignment = assignments.Find(ReadId(call.Id, "objectId")) ?? throw ServiceError.ResourceNotFound();
        return EmulatorResponse.Json(200, json => Write(json, assignment));
    }

    private EmulatorResponse Put(OperationCall call)
    {
        using var body = JsonBody.Read(call.Request.Body);
        AccessAssignment assignment = Read(ReadId(call.Id, "objectId"), body, current: null);
        return EmulatorResponse.Json(assignments.Put(assignment) ? 201 : 200, json => Write(json, assignment));
    }

    /// <summary>A merge patch (RFC 7396): null removes an assignment, and a missing member keeps its value. All changes are checked before the first.</summary>
    private EmulatorResponse Update(OperationCall call)
    {
        using var body = JsonBody.Read(call.Request.Body);
        var changes = new List<(Guid ObjectId, AccessAssignment? Assignment)>();
        foreach ((string name, JsonBody? members) in body.GetObjects())
        {
            Guid objectId = ReadId(name, "objectId");
            changes.Add((objectId, members is null ? null : Read(objectId, members, assignments.Find(objectId))));
        }

        foreach ((Guid objectId, AccessAssignment? assignment) in changes)
        {
            if (assignment is null)
            {
                assignments.Remove(objectId);
            }
            else
            {
                assignments.Put(assignment);
            }
        }

        return new EmulatorResponse { Status = 204 };
    }

    private EmulatorResponse Delete(OperationCall call)
    {
        assignments.Remove(ReadId(call.Id, "objectId"));
        return new EmulatorResponse { Status = 204 };
    }

    private static AccessAssignment Read(Guid objectId, JsonBody body, AccessAssignment? current)
    {
        Guid tenantId = body.GetString("tenantId") is { } tenant ? ReadId(tenant, "tenantId") : current?.TenantId ?? throw ServiceError.FieldMissing("TenantId");
        string principalType = body.GetString("principalType") ?? current?.PrincipalType ?? throw ServiceError.FieldMissing("PrincipalType");
        if (!_principalTypes.Contains(principalType, StringComparer.OrdinalIgnoreCase))
        {
            throw ServiceError.MemberMalformed("principalType", "one of " + string.Join(", ", _principalTypes));
        }

        IReadOnlyList<Guid> clientIds = body.GetStrings("clientIds") is { } ids
            ? ids.Select(id => ReadId(id, "clientIds")).ToArray()
            : current?.ClientIds ?? throw ServiceError.FieldMissing("ClientIds");
        return new AccessAssignment(objectId, tenantId, principalType, clientIds);
    }

    private static Guid ReadId(string text, string name) => Guid.TryParse(text, out Guid id) ? id : throw ServiceError.MemberMalformed(name, "a GUID");

    private static void Write(Utf8JsonWriter json, AccessAssignment assignment)
    {
        json.WriteString("objectId", assignment.ObjectId);
        json.WriteString("tenantId", assignment.TenantId);
        json.WriteString("principalType", assignment.PrincipalType);
        json.WriteStartArray("clientIds");
        foreach (Guid clientId in assignment.ClientIds)
        {
            json.WriteStringValue(clientId);
        }

        json.WriteEndArray();
    }
}
