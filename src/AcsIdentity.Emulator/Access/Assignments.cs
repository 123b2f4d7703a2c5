using System;
using System.Collections.Generic;
using System.Linq;

namespace AcsIdentity.Emulator.Access;

/// <summary>All access assignments of the resource.</summary>
internal sealed class Assignments
{
    /// <summary>The assignments for Entra's users, groups and tenants. Their path names the object only.</summary>
    public AssignmentStore<Guid> Entra { get; } = new(assignment => assignment.ObjectId);

    /// <summary>The assignments for Teams Phone.</summary>
    public AssignmentStore<(Guid TenantId, Guid ObjectId)> TeamsExtension { get; } = new(assignment => (assignment.TenantId, assignment.ObjectId));

    /// <summary>The assignments with the name of their kind, which is the one in their path.</summary>
    public IReadOnlyList<(string Kind, AccessAssignment Assignment)> All =>
        Entra.All.Select(assignment => ("entra", assignment)).Concat(TeamsExtension.All.Select(assignment => ("teamsExtension", assignment))).ToArray();

    public void Clear()
    {
        Entra.Clear();
        TeamsExtension.Clear();
    }
}
