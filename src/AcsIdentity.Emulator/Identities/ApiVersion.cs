using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Identities;

/// <summary>An api-version of the service and its features.</summary>
internal sealed class ApiVersion
{
    private static readonly string[] _firstPreviewScopes = ["chat", "voip", "pstn"];
    private static readonly string[] _firstScopes = ["chat", "voip"];
    private static readonly string[] _allScopes = ["chat", "voip", "chat.join", "chat.join.limited", "voip.join"];

    private readonly string[] _scopes;

    private ApiVersion(string name, string[] scopes)
    {
        Name = name;
        _scopes = scopes;
    }

    /// <summary>
    /// All versions, oldest first: those that the service listed in recordings of 2025, and the stable ones after that.
    /// </summary>
    /// <remarks>
    /// No client of 2021-11-01 or 2023-08-01 was published. The service's own list for /teamsUser leaves both out. The scopes of
    /// 2023-08-01 are not recorded: the emulator gives it those of 2023-10-01, which took its place.
    /// </remarks>
    public static IReadOnlyList<ApiVersion> All { get; } =
    [
        new("2020-07-20-preview2", _firstPreviewScopes) { IsFirstPreview = true },
        new("2021-03-07", _firstScopes),
        new("2021-03-31-preview1", _firstScopes),
        new("2021-10-31-preview", _firstScopes) { TeamsExchange = TeamsExchangeKind.TokenOnly },
        new("2021-11-01", _firstScopes),
        new("2022-06-01", _firstScopes) { TeamsExchange = TeamsExchangeKind.TokenAndParties },
        new("2022-10-01", _firstScopes) { TeamsExchange = TeamsExchangeKind.TokenAndParties, HasLifetime = true },
        new("2023-08-01", _allScopes) { HasLifetime = true },
        new("2023-10-01", _allScopes) { TeamsExchange = TeamsExchangeKind.TokenAndParties, HasLifetime = true },
        new("2025-03-02-preview", _allScopes)
        {
            TeamsExchange = TeamsExchangeKind.TokenAndParties, HasLifetime = true, HasIdentityDetails = true, HasEntraAccess = true, HasTeamsExtension = true,
        },
        new("2025-06-30", _allScopes) { TeamsExchange = TeamsExchangeKind.TokenAndParties, HasLifetime = true, HasTeamsExtension = true },
        new("2026-09-23", _allScopes) { TeamsExchange = TeamsExchangeKind.TokenAndParties, HasLifetime = true, HasTeamsExtension = true },
    ];

    public string Name { get; }

    /// <summary>Whether the version reads expiresInMinutes. Older versions ignore it.</summary>
    public bool HasLifetime { get; private init; }

    /// <summary>Whether the version has the paths and bodies of the first preview, which no later version has.</summary>
    public bool IsFirstPreview { get; private init; }

    public TeamsExchangeKind TeamsExchange { get; private init; }

    /// <summary>Whether the version has the exchange of Entra tokens and its assignments.</summary>
    public bool HasEntraAccess { get; private init; }

    /// <summary>Whether the version has the exchange of Entra tokens for Teams Phone and its assignments.</summary>
    public bool HasTeamsExtension { get; private init; }

    /// <summary>Whether the version has customId, lastTokenIssuedAt and the operation that reads them.</summary>
    public bool HasIdentityDetails { get; private init; }

    /// <exception cref="ServiceError">The query has no api-version, or one that the service does not support.</exception>
    public static ApiVersion FromRequest(EmulatorRequest request)
    {
        string? name = request.QueryParameter("api-version");
        if (string.IsNullOrEmpty(name))
        {
            throw ServiceError.ApiVersionMissing();
        }

        return Find(name) ?? throw ServiceError.ApiVersionUnsupported(request, name!);
    }

    /// <returns>The version that the request asks for; null if there is none or it is not supported.</returns>
    public static ApiVersion? Find(EmulatorRequest request) => Find(request.QueryParameter("api-version"));

    /// <summary>Returns those scopes that the version has, in the service's spelling.</summary>
    public string[] KnownScopes(IEnumerable<string> scopes) =>
        _scopes.Intersect(scopes, StringComparer.OrdinalIgnoreCase).ToArray();

    /// <summary>Returns the scopes in the service's spelling, without duplicates.</summary>
    /// <exception cref="ServiceError">The version does not have a scope.</exception>
    public string[] ResolveScopes(IEnumerable<string> scopes)
    {
        string KnownScope(string scope) =>
            Array.Find(_scopes, known => string.Equals(known, scope, StringComparison.OrdinalIgnoreCase))
            ?? throw ServiceError.ScopeUnknown(scope, Name);

        return scopes.Select(KnownScope).Distinct().ToArray();
    }

    private static ApiVersion? Find(string? name) => All.FirstOrDefault(version => version.Name == name);
}
