using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading;

namespace AcsIdentity.Emulator;

/// <summary>
/// One emulated Communication Services resource: the identity operations of the service, its authentication and its
/// error answers, as plain code. A host hands in requests and sends the answers. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Operations and limits: the REST specification Azure/azure-rest-api-specs,
/// specification/communication/data-plane/Identity, stable versions 2021-03-07 to 2026-09-23, and the preview 2025-03-02 for custom ids.
/// </remarks>
public sealed class IdentityEmulator : IDisposable
{
    private const int LowestLifetimeMinutes = 60;
    private const int HighestLifetimeMinutes = 1440;
    private const int LongestCustomId = 256;

    private readonly TimeProvider _clock;
    private readonly RequestAuthenticator _authenticator;
    private readonly IdentityStore _identities;
    private readonly TokenService _tokens;
    private readonly Throttle? _throttle;
    private long _requestCount;

    /// <summary>Creates the resource.</summary>
    /// <param name="options">What it starts with; null for the defaults.</param>
    /// <exception cref="FormatException">The access key is not base64.</exception>
    public IdentityEmulator(EmulatorOptions? options = null)
    {
        options ??= new EmulatorOptions();
        AccessKey = options.AccessKey ?? NewAccessKey();
        ResourceId = options.ResourceId;
        _clock = options.Clock;
        _authenticator = new RequestAuthenticator(Convert.FromBase64String(AccessKey), _clock);
        _identities = new IdentityStore(ResourceId);
        _tokens = new TokenService(ResourceId, _identities, _clock);
        _throttle = options.Throttle is { } quota ? new Throttle(quota, _clock) : null;
    }

    /// <summary>The resource's access key, base64.</summary>
    public string AccessKey { get; }

    /// <summary>The resource's immutable id, the first half of every identity id.</summary>
    public Guid ResourceId { get; }

    /// <summary>How many requests have come in, refused ones included.</summary>
    public long RequestCount => Interlocked.Read(ref _requestCount);

    /// <summary>How many identities exist now.</summary>
    public int IdentityCount => _identities.Count;

    /// <summary>Answers one request.</summary>
    public EmulatorResponse Handle(EmulatorRequest request)
    {
        Interlocked.Increment(ref _requestCount);
        var watch = Stopwatch.StartNew();
        EmulatorResponse response;
        try
        {
            _authenticator.Demand(request);
            (ServiceOperation operation, string id) = Route(request);
            _throttle?.Count(operation);
            response = Perform(operation, request, id);
        }
        catch (ServiceRefusal refusal)
        {
            response = refusal.ToResponse();
        }

        AddServiceHeaders(request, response, watch.ElapsedMilliseconds);
        return response;
    }

    /// <summary>Tells whether an access token still counts: what a calling or chat service would find out.</summary>
    public TokenIntrospection Introspect(string token) => _tokens.Introspect(token);

    /// <inheritdoc/>
    public void Dispose() => _tokens.Dispose();

    /// <summary>The operation that a request asks for, and the identity it is about, if any.</summary>
    private static (ServiceOperation Operation, string Id) Route(EmulatorRequest request) => (request.Method, request.PathSegments()) switch
    {
        ("POST", ["identities"]) => (ServiceOperation.Create, ""),
        ("GET", ["identities", { Length: > 0 } id]) => (ServiceOperation.Get, id),
        ("DELETE", ["identities", { Length: > 0 } id]) => (ServiceOperation.Delete, id),
        ("POST", ["identities", { Length: > 0 } id, ":issueAccessToken"]) => (ServiceOperation.Issue, id),
        ("POST", ["identities", { Length: > 0 } id, ":revokeAccessTokens"]) => (ServiceOperation.Revoke, id),
        ("POST", ["teamsUser", ":exchangeAccessToken"]) => (ServiceOperation.Exchange, ""),
        (_, ["identities"] or ["identities", { Length: > 0 }] or ["identities", { Length: > 0 }, ":issueAccessToken" or ":revokeAccessTokens"] or ["teamsUser", ":exchangeAccessToken"]) =>
            throw ServiceRefusal.MethodNotAllowed(request.Method),
        _ => throw ServiceRefusal.ResourceNotFound(),
    };

    private EmulatorResponse Perform(ServiceOperation operation, EmulatorRequest request, string id) => operation switch
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
        var version = ApiVersion.Of(request);
        using var body = JsonBody.Read(request.Body);
        string[] scopes = version.Resolve(body.Texts("createTokenWithScopes") ?? []);
        TimeSpan lifetime = LifetimeIn(body, version);
        string? customId = version.HasIdentityDetails ? body.Text("customId") : null;
        if (customId is { Length: 0 or > LongestCustomId })
        {
            throw ServiceRefusal.CustomIdOutOfRange(LongestCustomId);
        }

        IdentityStore.Identity identity = customId is null ? _identities.Create() : _identities.GetOrCreate(customId);
        TokenService.IssuedToken? token = scopes.Length > 0 ? _tokens.Issue(identity, scopes, lifetime) : null;
        return Json(201, json =>
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
        var version = ApiVersion.Of(request);
        if (!version.HasIdentityDetails)
        {
            throw ServiceRefusal.MethodNotAllowed(request.Method);
        }

        IdentityStore.Identity identity = Owned(id);
        return Json(200, json => WriteIdentity(json, identity, version));
    }

    private EmulatorResponse Issue(EmulatorRequest request, string id)
    {
        var version = ApiVersion.Of(request);
        using var body = JsonBody.Read(request.Body);
        IReadOnlyList<string> asked = body.Texts("scopes") ?? throw ServiceRefusal.ScopesMissing();
        string[] scopes = asked.Count > 0 ? version.Resolve(asked) : throw ServiceRefusal.ScopesEmpty();
        TimeSpan lifetime = LifetimeIn(body, version);

        TokenService.IssuedToken token = _tokens.Issue(Owned(id), scopes, lifetime);
        return Json(200, json => WriteToken(json, token));
    }

    private EmulatorResponse Revoke(EmulatorRequest request, string id)
    {
        ApiVersion.Of(request);
        Owned(id).RevokeTokens();
        return new EmulatorResponse { Status = 204 };
    }

    private EmulatorResponse Delete(EmulatorRequest request, string id)
    {
        ApiVersion.Of(request);
        return _identities.Delete(id) ? new EmulatorResponse { Status = 204 } : throw ServiceRefusal.IdentityNotOwned();
    }

    private EmulatorResponse ExchangeTeamsToken(EmulatorRequest request)
    {
        if (!ApiVersion.Of(request).HasTeamsExchange)
        {
            throw ServiceRefusal.ApiVersionUnsupported(request.RawPath, request.QueryParameter("api-version")!);
        }

        using var body = JsonBody.Read(request.Body);
        string? appId = body.Text("appId");
        string? userId = body.Text("userId");
        if (string.IsNullOrEmpty(appId))
        {
            throw ServiceRefusal.AppIdMissing();
        }

        if (string.IsNullOrEmpty(userId))
        {
            throw ServiceRefusal.UserIdMissing();
        }

        Guid app = Guid.TryParse(appId, out Guid parsedApp) ? parsedApp : throw ServiceRefusal.AppIdMalformed();
        Guid user = Guid.TryParse(userId, out Guid parsedUser) ? parsedUser : throw ServiceRefusal.UserIdMalformed();
        var token = TeamsUserToken.TryRead(body.Text("token") ?? "");
        if (token is null || token.ExpiresOn <= _clock.GetUtcNow())
        {
            throw ServiceRefusal.InvalidAccessToken();
        }

        if (!Guid.TryParse(token.AppId, out Guid tokenApp) || tokenApp != app)
        {
            throw ServiceRefusal.AppIdUnexpected();
        }

        if (!Guid.TryParse(token.UserId, out Guid tokenUser) || tokenUser != user)
        {
            throw ServiceRefusal.UserIdUnexpected();
        }

        TokenService.IssuedToken exchanged = _tokens.IssueForTeamsUser(user, token.ExpiresOn);
        return Json(200, json => WriteToken(json, exchanged));
    }

    private IdentityStore.Identity Owned(string id) => _identities.Find(id) ?? throw ServiceRefusal.IdentityNotOwned();

    private static TimeSpan LifetimeIn(JsonBody body, ApiVersion version)
    {
        long minutes = (version.HasLifetime ? body.Integer("expiresInMinutes") : null) ?? HighestLifetimeMinutes;
        return minutes is >= LowestLifetimeMinutes and <= HighestLifetimeMinutes
            ? TimeSpan.FromMinutes(minutes)
            : throw ServiceRefusal.LifetimeOutOfRange(minutes, LowestLifetimeMinutes, HighestLifetimeMinutes);
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
            json.WriteString("lastTokenIssuedAt", Timestamp(issuedAt));
        }
    }

    /// <summary>As the service has been seen to write times: seven decimals and +00:00.</summary>
    private static string Timestamp(DateTimeOffset time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private static void WriteToken(Utf8JsonWriter json, TokenService.IssuedToken token)
    {
        json.WriteString("token", token.Text);
        json.WriteString("expiresOn", Timestamp(token.ExpiresOn));
    }

    private static EmulatorResponse Json(int status, Action<Utf8JsonWriter> writeMembers) =>
        EmulatorResponse.Json(status, "application/json; charset=utf-8", writeMembers);

    /// <summary>The headers that every answer of the service has been seen to carry.</summary>
    private static void AddServiceHeaders(EmulatorRequest request, EmulatorResponse response, long elapsedMilliseconds)
    {
        response.Headers["api-supported-versions"] = ApiVersion.SupportedHeader;
        response.Headers["Request-Context"] = "appId=";
        response.Headers["MS-CV"] = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=') + ".0";
        response.Headers["X-Processing-Time"] = elapsedMilliseconds.ToString(CultureInfo.InvariantCulture) + "ms";
        response.Headers["X-Azure-Ref"] = Guid.NewGuid().ToString("N");
        response.Headers["X-Cache"] = "CONFIG_NOCACHE";
        response.Headers["Strict-Transport-Security"] = "max-age=2592000";
        if (request.Header("x-ms-client-request-id") is { } requestId)
        {
            response.Headers["x-ms-client-request-id"] = requestId;
        }
    }

    private static string NewAccessKey()
    {
        byte[] key = new byte[64];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(key);
        return Convert.ToBase64String(key);
    }
}
