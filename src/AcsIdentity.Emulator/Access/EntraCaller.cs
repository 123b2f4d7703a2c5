using System;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Access;

/// <summary>The principal and the application that an Entra token names.</summary>
internal sealed record EntraCaller(Guid TenantId, Guid ObjectId, Guid ClientId)
{
    /// <returns>The caller; null if the token does not name all three.</returns>
    public static EntraCaller? TryRead(JsonWebToken token) =>
        Guid.TryParse(token.GetClaim("tid"), out Guid tenantId)
        && Guid.TryParse(token.GetClaim("oid"), out Guid objectId)
        && Guid.TryParse(token.GetClaim("appid"), out Guid clientId)
            ? new EntraCaller(tenantId, objectId, clientId)
            : null;
}
