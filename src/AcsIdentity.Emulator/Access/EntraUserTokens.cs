using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Access;

/// <summary>What the exchanges of a user's Entra token have in common: the request, and the answer to a caller who may have a token.</summary>
internal sealed class EntraUserTokens(IdentityStore identities, TokenService tokens)
{
    /// <summary>Reads a request, whose body must be an object, without members.</summary>
    /// <returns>The Entra token of the caller.</returns>
    /// <exception cref="ServiceError">The request has no Entra token, or its body is no object.</exception>
    public static JsonWebToken ReadCaller(OperationCall call)
    {
        JsonWebToken token = call.Caller ?? throw ServiceError.Denied();
        JsonBody.Read(call.Request.Body).Dispose();
        return token;
    }

    /// <summary>Issues an access token that expires with the Entra token, for the identity of its user.</summary>
    public EmulatorResponse Issue(OperationCall call, JsonWebToken entraToken, EntraCaller caller, string[] scopes)
    {
        Identity identity = identities.GetOrCreateEntraUser(caller.TenantId, caller.ObjectId);
        IssuedToken issued = tokens.IssueUntil(identity, scopes, entraToken.GetTime("exp")!.Value);
        return EmulatorResponse.Json(200, json => IdentityJson.WriteIdentityWithToken(json, identity, issued, call.Version));
    }
}
