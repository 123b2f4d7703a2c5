using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Access;

/// <summary>The operation that exchanges an Entra user's token for an access token for Teams Phone (2025-03-02-preview, and all versions since 2025-06-30).</summary>
/// <remarks>Request and answer: the REST specification and its example. The refusals are not recorded.</remarks>
internal sealed class TeamsExtensionTokenExchange(AssignmentStore<(Guid TenantId, Guid ObjectId)> assignments, EntraUserTokens tokens)
{
    private const string Audience = "https://auth.msft.communication.azure.com";

    /// <summary>The permission in the scope https://auth.msft.communication.azure.com/TeamsExtension.ManageCalls.</summary>
    private const string Permission = "TeamsExtension.ManageCalls";

    // A guess: the user manages calls. No token of the service was seen.
    private static readonly string[] _scopes = ["voip"];

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("POST", "access/teamsExtension/:exchangeAccessToken", ServiceOperation.Exchange, version => version.HasTeamsExtension, Exchange) { Audience = Audience },
    ];

    private EmulatorResponse Exchange(OperationCall call)
    {
        JsonWebToken token = EntraUserTokens.ReadCaller(call);
        if (!IsOfUserWithPermission(token) || EntraCaller.TryRead(token) is not { } caller || !IsAssigned(caller))
        {
            throw ServiceError.PrincipalNotAssigned();
        }

        return tokens.Issue(call, token, caller, _scopes);
    }

    /// <summary>A token for the scope .default names no permission, and has them all.</summary>
    private static bool IsOfUserWithPermission(JsonWebToken token) =>
        token.GetClaim("idtyp") == "user"
        && (token.GetClaim("scp") is not { } permissions || permissions.Split(' ').Contains(Permission, StringComparer.OrdinalIgnoreCase));

    private bool IsAssigned(EntraCaller caller) =>
        assignments.Find((caller.TenantId, caller.ObjectId)) is { } assignment
        && string.Equals(assignment.PrincipalType, "user", StringComparison.OrdinalIgnoreCase)
        && (assignment.ClientIds is null || assignment.ClientIds.Contains(caller.ClientId));
}
