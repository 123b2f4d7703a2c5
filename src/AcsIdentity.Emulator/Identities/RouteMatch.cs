using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>The routes on the path of a request, of which at most one has its method.</summary>
internal sealed class RouteMatch(EmulatorRequest request, IReadOnlyList<ServiceRoute> onPath, string[] ids, string? supportedVersions)
{
    /// <summary>The route of the request; null if its path or its method is unknown.</summary>
    public ServiceRoute? Route { get; } = onPath.FirstOrDefault(route => route.Method == request.Method);

    /// <summary>The value of the header api-supported-versions; null if the response has no such header.</summary>
    public string? SupportedVersions { get; } = supportedVersions;

    /// <exception cref="ServiceError">The path or the method is unknown.</exception>
    public ServiceRoute RequireRoute() =>
        onPath.Count == 0 ? throw ServiceError.ResourceNotFound() : Route ?? throw Refuse(ApiVersion.Find(request));

    /// <exception cref="ServiceError">The api-version does not have the operation, or the service rejects the request.</exception>
    public EmulatorResponse Perform(JsonWebToken? caller)
    {
        ServiceRoute route = RequireRoute();
        var version = ApiVersion.FromRequest(request);
        return route.IsIn(version) ? route.Perform(new OperationCall(request, version, ids, caller)) : throw Refuse(version);
    }

    /// <summary>Returns the error for a method that the path does not have, or for a path that the version does not have.</summary>
    private ServiceError Refuse(ApiVersion? version)
    {
        string[] allowed = onPath.Where(route => version is null || route.IsIn(version)).Select(route => route.Method).ToArray();
        return allowed.Length == 0 ? ServiceError.ApiVersionUnsupported(request, version!.Name) : ServiceError.MethodNotAllowed(request.Method, allowed);
    }
}
