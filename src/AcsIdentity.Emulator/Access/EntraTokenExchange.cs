using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Access;

/// <summary>The operation that exchanges an Entra user's token for an access token (2025-03-02-preview).</summary>
/// <remarks>
/// Request and answer: what AzureCommunicationTokenCredential of Azure.Communication.Common 1.4.0 and of
/// @azure/communication-common 2.4 sends and reads. The refusals are not recorded.
/// </remarks>
internal sealed class EntraTokenExchange(AssignmentStore<Guid> assignments, EntraUserTokens tokens)
{
    /// <summary>The audience of tokens with scopes such as https://communication.azure.com/clients/VoIP.</summary>
    private const string Audience = "https://communication.azure.com/clients";

    // The scopes of a token that names none: one for the scope .default. Not recorded.
    private static readonly string[] _defaultScopes = ["chat", "voip"];

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("POST", "access/entra/:exchangeAccessToken", ServiceOperation.Exchange, version => version.HasEntraAccess, Exchange) { Audience = Audience },
    ];

    private EmulatorResponse Exchange(OperationCall call)
    {
        JsonWebToken token = EntraUserTokens.ReadCaller(call);
        if (EntraCaller.TryRead(token) is not { } caller || !IsAssigned(caller))
        {
            throw ServiceError.PrincipalNotAssigned();
        }

        string[] scopes = call.Version.KnownScopes(token.GetClaim("scp")?.Split(' ') ?? _defaultScopes);
        if (scopes.Length == 0)
        {
            throw ServiceError.PrincipalNotAssigned();
        }

        return tokens.Issue(call, token, caller, scopes);
    }

    /// <summary>An assignment of a group matches no token: the tokens of the emulator's tenant name no groups.</summary>
    private bool IsAssigned(EntraCaller caller)
    {
        bool Allows(AccessAssignment? assignment, string principalType) =>
            assignment is not null
            && assignment.TenantId == caller.TenantId
            && string.Equals(assignment.PrincipalType, principalType, StringComparison.OrdinalIgnoreCase)
            && assignment.ClientIds!.Contains(caller.ClientId);

        return Allows(assignments.Find(caller.ObjectId), "user") || Allows(assignments.Find(caller.TenantId), "tenant");
    }
}
