using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Identities;

/// <summary>Maps the method and path of a request to an operation of the service.</summary>
internal static class ServiceRoute
{
    /// <summary>Returns the operation, and the id in the path; the id is empty if the path has none.</summary>
    /// <exception cref="ServiceError">No operation has this path, or the path has no operation with this method.</exception>
    public static (ServiceOperation Operation, string Id) Match(EmulatorRequest request) => (request.Method, request.PathSegments()) switch
    {
        ("POST", ["identities"]) => (ServiceOperation.Create, ""),
        ("GET", ["identities", { Length: > 0 } id]) => (ServiceOperation.Get, id),
        ("DELETE", ["identities", { Length: > 0 } id]) => (ServiceOperation.Delete, id),
        ("POST", ["identities", { Length: > 0 } id, ":issueAccessToken"]) => (ServiceOperation.Issue, id),
        ("POST", ["identities", { Length: > 0 } id, ":revokeAccessTokens"]) => (ServiceOperation.Revoke, id),
        ("POST", ["teamsUser", ":exchangeAccessToken"]) => (ServiceOperation.Exchange, ""),
        (_, ["identities"] or ["identities", { Length: > 0 }] or ["identities", { Length: > 0 }, ":issueAccessToken" or ":revokeAccessTokens"] or ["teamsUser", ":exchangeAccessToken"]) =>
            throw ServiceError.MethodNotAllowed(request.Method),
        _ => throw ServiceError.ResourceNotFound(),
    };
}
