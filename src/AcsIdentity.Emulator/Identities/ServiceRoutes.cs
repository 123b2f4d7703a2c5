using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Identities;

/// <summary>All routes of the service.</summary>
internal sealed class ServiceRoutes
{
    private readonly IReadOnlyList<ServiceRoute> _routes;

    /// <summary>The value of api-supported-versions of each group: the versions that have one of its routes.</summary>
    private readonly Dictionary<string, string> _supportedVersions;

    public ServiceRoutes(IReadOnlyList<ServiceRoute> routes)
    {
        _routes = routes;
        _supportedVersions = routes.GroupBy(route => route.Group).ToDictionary(
            group => group.Key,
            group => string.Join(", ", ApiVersion.All.Where(version => group.Any(route => route.IsIn(version))).Select(version => version.Name)));
    }

    public RouteMatch Find(EmulatorRequest request)
    {
        string[] segments = request.PathSegments();
        var onPath = new List<ServiceRoute>();
        string[] ids = [];
        foreach (ServiceRoute route in _routes)
        {
            if (route.Match(segments) is { } found)
            {
                onPath.Add(route);
                ids = found;
            }
        }

        return new RouteMatch(request, onPath, ids, _supportedVersions.TryGetValue(ServiceRoute.GroupOf(segments), out string? versions) ? versions : null);
    }
}
