using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Identities;

/// <summary>An api-version of the service and its features.</summary>
internal sealed class ApiVersion
{
    private static readonly string[] _firstScopes = ["chat", "voip"];
    private static readonly string[] _allScopes = ["chat", "voip", "chat.join", "chat.join.limited", "voip.join"];

    private static readonly ApiVersion[] _supported =
    [
        new("2021-03-07", _firstScopes),
        new("2022-06-01", _firstScopes) { HasTeamsExchange = true },
        new("2022-10-01", _firstScopes) { HasTeamsExchange = true, HasLifetime = true },
        new("2023-10-01", _allScopes) { HasTeamsExchange = true, HasLifetime = true },
        new("2025-03-02-preview", _allScopes) { HasTeamsExchange = true, HasLifetime = true, HasIdentityDetails = true },
        new("2025-06-30", _allScopes) { HasTeamsExchange = true, HasLifetime = true },
        new("2026-09-23", _allScopes) { HasTeamsExchange = true, HasLifetime = true },
    ];

    private readonly string[] _scopes;

    private ApiVersion(string name, string[] scopes)
    {
        Name = name;
        _scopes = scopes;
    }

    /// <summary>The value of the header api-supported-versions.</summary>
    public static string SupportedHeader { get; } = string.Join(", ", _supported.Select(version => version.Name));

    public string Name { get; }

    /// <summary>Whether the version reads expiresInMinutes. Older versions ignore it.</summary>
    public bool HasLifetime { get; private init; }

    public bool HasTeamsExchange { get; private init; }

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

        return Array.Find(_supported, version => version.Name == name)
            ?? throw ServiceError.ApiVersionUnsupported(request.RawPath, name!);
    }

    /// <summary>Returns the scopes in the service's spelling, without duplicates.</summary>
    /// <exception cref="ServiceError">The version does not have a scope.</exception>
    public string[] ResolveScopes(IEnumerable<string> scopes)
    {
        string KnownScope(string scope) =>
            Array.Find(_scopes, known => string.Equals(known, scope, StringComparison.OrdinalIgnoreCase))
            ?? throw ServiceError.ScopeUnknown(scope, Name);

        return scopes.Select(KnownScope).Distinct().ToArray();
    }
}
