using System;
using System.Collections.Generic;
using System.Text.Json;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>The service's operations on identities and tokens, for requests that have been authenticated.</summary>
/// <remarks>
/// Operations and limits: the REST specification Azure/azure-rest-api-specs,
/// specification/communication/data-plane/Identity, stable versions 2021-03-07 to 2026-09-23, and the preview 2025-03-02 for custom ids.
/// </remarks>
internal sealed class IdentityOperations(IdentityStore identities, TokenService tokens, TimeProvider clock)
{
    private const int MinLifetimeMinutes = 60;
    private const int MaxLifetimeMinutes = 1440;
    private const int MaxCustomIdLength = 256;

    /// <summary>The operation that a request asks for, and the identity it is about, if any.</summary>
    public static (ServiceOperation Operation, string Id) Route(EmulatorRequest request) => (request.Method, request.PathSegments()) switch
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

    public EmulatorResponse Perform(ServiceOperation operation, EmulatorRequest request, string id) => operation switch
    {
        ServiceOperation.Create => Create(request),
        ServiceOperation.Get => Get(request, id),
        ServiceOperation.Issue => Issue(request, id),
        ServiceOperation.Revoke => Revoke(request, id),
        ServiceOperation.Delete => Delete(request, id),
        _ => ExchangeTeamsToken(request),
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

        IdentityStore.Identity identity = customId is null ? identities.Create() : identities.GetOrCreate(customId);
        TokenService.IssuedToken? token = scopes.Length > 0 ? tokens.Issue(identity, scopes, lifetime) : null;
        return EmulatorResponse.Json(201, json =>
        {
            json.WriteStartObject("identity");
            WriteIdentity(json, identity, version);
            json.WriteEndObject();
            if (token is { } issued)
            {
                json.WriteStartObject("accessToken");
                WriteToken(json, issued);
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

        IdentityStore.Identity identity = GetOwned(id);
        return EmulatorResponse.Json(200, json => WriteIdentity(json, identity, version));
    }

    private EmulatorResponse Issue(EmulatorRequest request, string id)
    {
        var version = ApiVersion.FromRequest(request);
        using var body = JsonBody.Read(request.Body);
        IReadOnlyList<string> asked = body.GetStrings("scopes") ?? throw ServiceError.ScopesMissing();
        string[] scopes = asked.Count > 0 ? version.ResolveScopes(asked) : throw ServiceError.ScopesEmpty();
        TimeSpan lifetime = ReadLifetime(body, version);

        TokenService.IssuedToken token = tokens.Issue(GetOwned(id), scopes, lifetime);
        return EmulatorResponse.Json(200, json => WriteToken(json, token));
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

    private EmulatorResponse ExchangeTeamsToken(EmulatorRequest request)
    {
        if (!ApiVersion.FromRequest(request).HasTeamsExchange)
        {
            throw ServiceError.ApiVersionUnsupported(request.RawPath, request.QueryParameter("api-version")!);
        }

        using var body = JsonBody.Read(request.Body);
        string? appId = body.GetString("appId");
        string? userId = body.GetString("userId");
        if (string.IsNullOrEmpty(appId))
        {
            throw ServiceError.AppIdMissing();
        }

        if (string.IsNullOrEmpty(userId))
        {
            throw ServiceError.UserIdMissing();
        }

        Guid app = Guid.TryParse(appId, out Guid parsedApp) ? parsedApp : throw ServiceError.AppIdMalformed();
        Guid user = Guid.TryParse(userId, out Guid parsedUser) ? parsedUser : throw ServiceError.UserIdMalformed();
        var token = TeamsUserToken.TryRead(body.GetString("token") ?? "");
        if (token is null || token.ExpiresOn <= clock.GetUtcNow())
        {
            throw ServiceError.InvalidAccessToken();
        }

        if (!Guid.TryParse(token.AppId, out Guid tokenApp) || tokenApp != app)
        {
            throw ServiceError.AppIdUnexpected();
        }

        if (!Guid.TryParse(token.UserId, out Guid tokenUser) || tokenUser != user)
        {
            throw ServiceError.UserIdUnexpected();
        }

        TokenService.IssuedToken exchanged = tokens.IssueForTeamsUser(user, token.ExpiresOn);
        return EmulatorResponse.Json(200, json => WriteToken(json, exchanged));
    }

    private IdentityStore.Identity GetOwned(string id) => identities.Find(id) ?? throw ServiceError.IdentityNotOwned();

    private static TimeSpan ReadLifetime(JsonBody body, ApiVersion version)
    {
        long minutes = (version.HasLifetime ? body.GetInteger("expiresInMinutes") : null) ?? MaxLifetimeMinutes;
        return minutes is >= MinLifetimeMinutes and <= MaxLifetimeMinutes
            ? TimeSpan.FromMinutes(minutes)
            : throw ServiceError.LifetimeOutOfRange(minutes, MinLifetimeMinutes, MaxLifetimeMinutes);
    }

    /// <summary>The id, and what only an identity with a custom id or a token in a version that knows of them has.</summary>
    private static void WriteIdentity(Utf8JsonWriter json, IdentityStore.Identity identity, ApiVersion version)
    {
        json.WriteString("id", identity.Id);
        if (!version.HasIdentityDetails)
        {
            return;
        }

        if (identity.CustomId is { } customId)
        {
            json.WriteString("customId", customId);
        }

        if (identity.LastTokenIssuedAt is { } issuedAt)
        {
            json.WriteString("lastTokenIssuedAt", EmulatorResponse.Timestamp(issuedAt));
        }
    }

    private static void WriteToken(Utf8JsonWriter json, TokenService.IssuedToken token)
    {
        json.WriteString("token", token.Text);
        json.WriteString("expiresOn", EmulatorResponse.Timestamp(token.ExpiresOn));
    }
}
