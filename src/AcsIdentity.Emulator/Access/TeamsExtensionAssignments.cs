using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Access;

/// <summary>The operations on assignments for Teams Phone (2025-03-02-preview, and all versions since 2025-06-30).</summary>
/// <remarks>
/// Shapes: the REST specification and its examples. A tutorial of Microsoft shows the answer 404 to a get after a delete. Not recorded:
/// any answer of the service, the answer to a second delete, and to a value of another form.
/// </remarks>
internal sealed class TeamsExtensionAssignments(AssignmentStore<(Guid TenantId, Guid ObjectId)> assignments)
{
    private const string Path = "access/teamsExtension/tenants/{tenantId}/assignments/{objectId}";

    /// <summary>The specification has the first two. Microsoft's tutorial sends the third.</summary>
    private static readonly string[] _principalTypes = ["user", "resourceAccount", "teamsResourceAccount"];

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", Path, ServiceOperation.Assign, version => version.HasTeamsExtension, Get),
        new("PUT", Path, ServiceOperation.Assign, version => version.HasTeamsExtension, Put),
        new("DELETE", Path, ServiceOperation.Assign, version => version.HasTeamsExtension, Delete),
    ];

    private EmulatorResponse Get(OperationCall call)
    {
        AccessAssignment assignment = assignments.Find(ReadIds(call)) ?? throw ServiceError.ResourceNotFound();
        return EmulatorResponse.Json(200, json => AssignmentJson.Write(json, assignment));
    }

    private EmulatorResponse Put(OperationCall call)
    {
        (Guid tenantId, Guid objectId) = ReadIds(call);
        using var body = JsonBody.Read(call.Request.Body);
        string principalType = AssignmentJson.ReadPrincipalType(body, _principalTypes) ?? throw ServiceError.FieldMissing("PrincipalType");
        var assignment = new AccessAssignment(objectId, tenantId, principalType, AssignmentJson.ReadClientIds(body));
        return EmulatorResponse.Json(assignments.Put(assignment) ? 201 : 200, json => AssignmentJson.Write(json, assignment));
    }

    private EmulatorResponse Delete(OperationCall call)
    {
        assignments.Remove(ReadIds(call));
        return new EmulatorResponse { Status = 204 };
    }

    private static (Guid TenantId, Guid ObjectId) ReadIds(OperationCall call) =>
        (AssignmentJson.ReadId(call.PathParameters[0], "tenantId"), AssignmentJson.ReadId(call.PathParameters[1], "objectId"));
}
