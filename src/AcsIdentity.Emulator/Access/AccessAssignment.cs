using System;
using System.Collections.Generic;

namespace AcsIdentity.Emulator.Access;

/// <summary>Allows a principal of Entra to exchange its tokens for access tokens of the resource.</summary>
/// <param name="ObjectId">The object id of the user, group or resource account, or the id of the tenant.</param>
/// <param name="TenantId">The principal's tenant.</param>
/// <param name="PrincipalType">The kind of principal, as the client sent it.</param>
/// <param name="ClientIds">The applications that may exchange the principal's tokens; null if the client sent none.</param>
internal sealed record AccessAssignment(Guid ObjectId, Guid TenantId, string PrincipalType, IReadOnlyList<Guid>? ClientIds);
