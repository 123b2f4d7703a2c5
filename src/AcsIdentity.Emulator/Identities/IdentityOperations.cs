using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>Performs the service's operations on identities and tokens. Requests are authenticated before they come here.</summary>
/// <remarks>
/// Operations and limits: the REST specification Azure/azure-rest-api-specs,
/// specification/communication/data-plane/Identity, stable versions 2021-03-07 to 2026-09-23, and the preview 2025-03-02 for custom ids.
/// </remarks>
internal sealed class IdentityOperations(IdentityStore identities, TokenService tokens, TimeProvider clock)
{
    private const int MinLifetimeMinutes = 60;
    private const int MaxLifetimeMinutes = 1440;
    private const int MaxCustomIdLength = 256;

    private readonly TeamsTokenExchange _teams = new(tokens, clock);

    /// <param name="operation">The operation, from <see cref="ServiceRoute"/>.</param>
    /// <param name="request">The request.</param>
    /// <param name="id">The id in the path; empty if the path has none.</param>
    /// <exception cref="ServiceError">The service rejects the request.</exception>
    public EmulatorResponse Perform(ServiceOperation operation, EmulatorRequest request, string id) => operation switch
    {
        ServiceOperation.Create => Create(request),
        ServiceOperation.Get => Get(request, id),
        ServiceOperation.Issue => Issue(request, id),
        ServiceOperation.Revoke => Revoke(request, id),
        ServiceOperation.Delete => Delete(request, id),
        _ => _teams.Exchange(request),
    };

    private EmulatorResponse Create(EmulatorRequest request)
    {
        var version = ApiVersion.FromRequest(request);
        using var body = JsonBody.Read(request.Body);
        string[] scopes = version.ResolveScopes(body.GetStrings("createTokenWithScopes") ?? []);
        TimeSpan lifetime = ReadLifetime(body, version);
        string? customId = version.HasIdentityDetails ? body.GetString("customId") : null;
        if (customId is { Length: 0 or > MaxCustomIdLength })
        {
            throw ServiceError.CustomIdOutOfRange(MaxCustomIdLength);
        }

        Identity identity = customId is null ? identities.Create() : identities.GetOrCreate(customId);
        IssuedToken? token = scopes.Length > 0 ? tokens.Issue(identity, scopes, lifetime) : null;
        return EmulatorResponse.Json(201, json =>
        {
            json.WriteStartObject("identity");
            IdentityJson.WriteIdentity(json, identity, version);
            json.WriteEndObject();
            if (token is { } issued)
            {
                json.WriteStartObject("accessToken");
                IdentityJson.WriteToken(json, issued);
                json.WriteEndObject();
            }
        });
    }

    private EmulatorResponse Get(EmulatorRequest request, string id)
    {
        var version = ApiVersion.FromRequest(request);
        if (!version.HasIdentityDetails)
        {
            throw ServiceError.MethodNotAllowed(request.Method);
        }

        Identity identity = GetOwned(id);
        return EmulatorResponse.Json(200, json => IdentityJson.WriteIdentity(json, identity, version));
    }

    private EmulatorResponse Issue(EmulatorRequest request, string id)
    {
        var version = ApiVersion.FromRequest(request);
        using var body = JsonBody.Read(request.Body);
        IReadOnlyList<string> asked = body.GetStrings("scopes") ?? throw ServiceError.ScopesMissing();
        string[] scopes = asked.Count > 0 ? version.ResolveScopes(asked) : throw ServiceError.ScopesEmpty();
        TimeSpan lifetime = ReadLifetime(body, version);

        IssuedToken token = tokens.Issue(GetOwned(id), scopes, lifetime);
        return EmulatorResponse.Json(200, json => IdentityJson.WriteToken(json, token));
    }

    private EmulatorResponse Revoke(EmulatorRequest request, string id)
    {
        ApiVersion.FromRequest(request);
        GetOwned(id).RevokeTokens();
        return new EmulatorResponse { Status = 204 };
    }

    private EmulatorResponse Delete(EmulatorRequest request, string id)
    {
        ApiVersion.FromRequest(request);
        return identities.Delete(id) ? new EmulatorResponse { Status = 204 } : throw ServiceError.IdentityNotOwned();
    }

    private Identity GetOwned(string id) => identities.Find(id) ?? throw ServiceError.IdentityNotOwned();

    private static TimeSpan ReadLifetime(JsonBody body, ApiVersion version)
    {
        long minutes = (version.HasLifetime ? body.GetInteger("expiresInMinutes") : null) ?? MaxLifetimeMinutes;
        return minutes is >= MinLifetimeMinutes and <= MaxLifetimeMinutes
            ? TimeSpan.FromMinutes(minutes)
            : throw ServiceError.LifetimeOutOfRange(minutes, MinLifetimeMinutes, MaxLifetimeMinutes);
    }
}
