using System;
using System.Collections.Generic;

namespace AcsIdentity.Models;

/// <summary>
/// The access of a Teams user or a Teams resource account to a Communication Services resource, for Teams Phone
/// extensibility. Assignments of the same principal are equal.
/// </summary>
public sealed class TeamsExtensionAssignment : IEquatable<TeamsExtensionAssignment>
{
    internal const string User = "User";
    internal const string ResourceAccount = "ResourceAccount";

    /// <summary>Makes an assignment object, for example for a mock of Get-AcsTeamsExtensionAssignment. Assigns nothing in the service.</summary>
    /// <param name="tenantId">The Entra tenant of the principal.</param>
    /// <param name="objectId">The object id of the principal in Entra.</param>
    /// <param name="principalType">User or ResourceAccount.</param>
    /// <param name="clientId">The applications that may act for the principal; null or empty for no list.</param>
    public TeamsExtensionAssignment(Guid tenantId, Guid objectId, string principalType, IEnumerable<Guid>? clientId = null)
    {
        ObjectId = objectId;
        TenantId = tenantId;
        PrincipalType = principalType ?? throw new ArgumentNullException(nameof(principalType));
        ClientId = new ClientIdList(clientId ?? []);
    }

    /// <summary>The object id of the user or the resource account in Entra.</summary>
    public Guid ObjectId { get; }

    /// <summary>The Entra tenant of the user or the resource account.</summary>
    public Guid TenantId { get; }

    /// <summary>User or ResourceAccount. A type that this module does not know is as the service wrote it.</summary>
    public string PrincipalType { get; }

    /// <summary>The client ids of the applications through which the principal has access. Empty if the assignment has no list.</summary>
    public ClientIdList ClientId { get; }

    /// <inheritdoc/>
    public bool Equals(TeamsExtensionAssignment? other) => other is not null && (other.TenantId, other.ObjectId) == (TenantId, ObjectId);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TeamsExtensionAssignment);

    /// <inheritdoc/>
    public override int GetHashCode() => (TenantId, ObjectId).GetHashCode();

    /// <inheritdoc/>
    /// <remarks>Select-Object -Unique, Sort-Object -Unique and Compare-Object compare this text. They do not call Equals.</remarks>
    public override string ToString() => $"{TenantId}/{ObjectId}";
}
