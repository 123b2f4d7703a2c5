using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>Performs the service's operations on identities and tokens. Requests are authenticated before they come here.</summary>
/// <remarks>
/// Operations and limits: the REST specification Azure/azure-rest-api-specs,
/// specification/communication/data-plane/Identity. For the first preview, 2020-07-20-preview2: what @azure/communication-administration 1.0.0-beta.4 sends.
/// </remarks>
internal sealed class IdentityOperations(IdentityStore identities, TokenService tokens)
{
    private const int MinLifetimeMinutes = 60;
    private const int MaxLifetimeMinutes = 1440;
    private const int MaxCustomIdLength = 256;

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("POST", "identities", ServiceOperation.Create, _ => true, Create),
        new("GET", "identities/{id}", ServiceOperation.Get, version => version.HasIdentityDetails, Get),
        new("DELETE", "identities/{id}", ServiceOperation.Delete, _ => true, Delete),
        new("PATCH", "identities/{id}", ServiceOperation.Revoke, version => version.IsFirstPreview, RevokeBefore),
        new("POST", "identities/{id}/token", ServiceOperation.Issue, version => version.IsFirstPreview, IssueInFirstPreview),
        new("POST", "identities/{id}/:issueAccessToken", ServiceOperation.Issue, version => !version.IsFirstPreview, Issue),
        new("POST", "identities/{id}/:revokeAccessTokens", ServiceOperation.Revoke, version => !version.IsFirstPreview, Revoke),
    ];

    private EmulatorResponse Create(OperationCall call)
    {
        ApiVersion version = call.Version;
        if (version.IsFirstPreview)
        {
            // It has no body, and its answer is the identity itself.
            Identity created = identities.Create();
            return EmulatorResponse.Json(200, json => IdentityJson.WriteIdentity(json, created, version));
        }

        using var body = JsonBody.Read(call.Request.Body);
        string[] scopes = version.ResolveScopes(body.GetStrings("createTokenWithScopes") ?? []);
        TimeSpan lifetime = ReadLifetime(body, version);
        string? customId = version.HasIdentityDetails ? body.GetString("customId") : null;
        if (customId is { Length: 0 or > MaxCustomIdLength })
        {
            throw ServiceError.CustomIdOutOfRange(MaxCustomIdLength);
        }

        Identity identity = customId is null ? identities.Create() : identities.GetOrCreate(customId);
        IssuedToken? token = scopes.Length > 0 ? tokens.Issue(identity, scopes, lifetime) : null;
        return EmulatorResponse.Json(201, json => IdentityJson.WriteIdentityWithToken(json, identity, token, version));
    }

    private EmulatorResponse Get(OperationCall call)
    {
        Identity identity = GetOwned(call.Id);
        return EmulatorResponse.Json(200, json => IdentityJson.WriteIdentity(json, identity, call.Version));
    }

    private EmulatorResponse Issue(OperationCall call)
    {
        (_, IssuedToken token) = IssueToken(call);
        return EmulatorResponse.Json(200, json => IdentityJson.WriteToken(json, token));
    }

    private EmulatorResponse IssueInFirstPreview(OperationCall call)
    {
        (Identity identity, IssuedToken token) = IssueToken(call);
        return EmulatorResponse.Json(200, json =>
        {
            IdentityJson.WriteIdentity(json, identity, call.Version);
            IdentityJson.WriteToken(json, token);
        });
    }

    private (Identity Identity, IssuedToken Token) IssueToken(OperationCall call)
    {
        using var body = JsonBody.Read(call.Request.Body);
        IReadOnlyList<string> asked = body.GetStrings("scopes") ?? throw ServiceError.FieldMissing("Scopes");
        string[] scopes = asked.Count > 0 ? call.Version.ResolveScopes(asked) : throw ServiceError.ScopesEmpty();
        TimeSpan lifetime = ReadLifetime(body, call.Version);
        Identity identity = GetOwned(call.Id);
        return (identity, tokens.Issue(identity, scopes, lifetime));
    }

    private EmulatorResponse Revoke(OperationCall call)
    {
        GetOwned(call.Id).RevokeTokens();
        return new EmulatorResponse { Status = 204 };
    }

    /// <summary>The revocation of the first preview: the client names the time from which tokens are valid.</summary>
    private EmulatorResponse RevokeBefore(OperationCall call)
    {
        using var body = JsonBody.Read(call.Request.Body);
        DateTimeOffset? validFrom = body.GetTime("tokensValidFrom");
        Identity identity = GetOwned(call.Id);
        if (validFrom is { } time)
        {
            identity.RevokeTokensIssuedBefore(time);
        }

        return new EmulatorResponse { Status = 204 };
    }

    private EmulatorResponse Delete(OperationCall call) =>
        identities.Delete(call.Id) ? new EmulatorResponse { Status = 204 } : throw ServiceError.IdentityNotOwned();

    private Identity GetOwned(string id) => identities.Find(id) ?? throw ServiceError.IdentityNotOwned();

    private static TimeSpan ReadLifetime(JsonBody body, ApiVersion version)
    {
        long minutes = (version.HasLifetime ? body.GetInteger("expiresInMinutes") : null) ?? MaxLifetimeMinutes;
        return minutes is >= MinLifetimeMinutes and <= MaxLifetimeMinutes
            ? TimeSpan.FromMinutes(minutes)
            : throw ServiceError.LifetimeOutOfRange(minutes, MinLifetimeMinutes, MaxLifetimeMinutes);
    }
}
