using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Access;

/// <summary>The operations on assignments for Entra's users, groups and tenants (2025-03-02-preview).</summary>
/// <remarks>
/// Shapes: the REST specification. Its answers are not recorded. Not recorded: the answer to a missing assignment, to its second
/// delete, and to a value of another form.
/// </remarks>
internal sealed class EntraAssignments(AssignmentStore<Guid> assignments)
{
    private static readonly string[] _principalTypes = ["user", "group", "tenant"];

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", "access/entra/assignments", ServiceOperation.Assign, version => version.HasEntraAccess, _ => List()),
        new("PATCH", "access/entra/assignments", ServiceOperation.Assign, version => version.HasEntraAccess, Update),
        new("GET", "access/entra/assignments/{objectId}", ServiceOperation.Assign, version => version.HasEntraAccess, Get),
        new("PUT", "access/entra/assignments/{objectId}", ServiceOperation.Assign, version => version.HasEntraAccess, Put),
        new("DELETE", "access/entra/assignments/{objectId}", ServiceOperation.Assign, version => version.HasEntraAccess, Delete),
    ];

    private EmulatorResponse List() => EmulatorResponse.Json(200, json =>
    {
        json.WriteStartArray("value");
        foreach (AccessAssignment assignment in assignments.All)
        {
            json.WriteStartObject();
            AssignmentJson.Write(json, assignment);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private EmulatorResponse Get(OperationCall call)
    {
        AccessAssignment assignment = assignments.Find(AssignmentJson.ReadId(call.Id, "objectId")) ?? throw ServiceError.ResourceNotFound();
        return EmulatorResponse.Json(200, json => AssignmentJson.Write(json, assignment));
    }

    private EmulatorResponse Put(OperationCall call)
    {
        using var body = JsonBody.Read(call.Request.Body);
        AccessAssignment assignment = Read(AssignmentJson.ReadId(call.Id, "objectId"), body, current: null);
        return EmulatorResponse.Json(assignments.Put(assignment) ? 201 : 200, json => AssignmentJson.Write(json, assignment));
    }

    /// <summary>A merge patch (RFC 7396): null removes an assignment, and a missing member keeps its value. All changes are checked before the first.</summary>
    private EmulatorResponse Update(OperationCall call)
    {
        using var body = JsonBody.Read(call.Request.Body);
        var changes = new List<(Guid ObjectId, AccessAssignment? Assignment)>();
        foreach ((string name, JsonBody? members) in body.GetObjects())
        {
            Guid objectId = AssignmentJson.ReadId(name, "objectId");
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
        assignments.Remove(AssignmentJson.ReadId(call.Id, "objectId"));
        return new EmulatorResponse { Status = 204 };
    }

    private static AccessAssignment Read(Guid objectId, JsonBody body, AccessAssignment? current)
    {
        Guid tenantId = body.GetString("tenantId") is { } tenant ? AssignmentJson.ReadId(tenant, "tenantId") : current?.TenantId ?? throw ServiceError.FieldMissing("TenantId");
        string principalType = AssignmentJson.ReadPrincipalType(body, _principalTypes) ?? current?.PrincipalType ?? throw ServiceError.FieldMissing("PrincipalType");
        IReadOnlyList<Guid> clientIds = AssignmentJson.ReadClientIds(body) ?? current?.ClientIds ?? throw ServiceError.FieldMissing("ClientIds");
        return new AccessAssignment(objectId, tenantId, principalType, clientIds);
    }
}
