using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Identities;

/// <summary>Maps the method and path of a request to an operation of the service.</summary>
internal static class ServiceRoute
{
    /// <summary>Returns the operation, and the id in the path; the id is empty if the path has none. Null if no operation has this method and path.</summary>
    public static (ServiceOperation Operation, string Id)? Find(EmulatorRequest request) => (request.Method, request.PathSegments()) switch
    {
        ("POST", ["identities"]) => (ServiceOperation.Create, ""),
        ("GET", ["identities", { Length: > 0 } id]) => (ServiceOperation.Get, id),
        ("DELETE", ["identities", { Length: > 0 } id]) => (ServiceOperation.Delete, id),
        ("POST", ["identities", { Length: > 0 } id, ":issueAccessToken"]) => (ServiceOperation.Issue, id),
        ("POST", ["identities", { Length: > 0 } id, ":revokeAccessTokens"]) => (ServiceOperation.Revoke, id),
        ("POST", ["teamsUser", ":exchangeAccessToken"]) => (ServiceOperation.Exchange, ""),
        _ => null,
    };

    /// <summary>Returns the error for a request that is no operation.</summary>
    public static ServiceError Refuse(EmulatorRequest request) => request.PathSegments() switch
    {
        ["identities"] or ["identities", { Length: > 0 }] or ["identities", { Length: > 0 }, ":issueAccessToken" or ":revokeAccessTokens"] or ["teamsUser", ":exchangeAccessToken"] =>
            ServiceError.MethodNotAllowed(request.Method),
        _ => ServiceError.ResourceNotFound(),
    };
}
