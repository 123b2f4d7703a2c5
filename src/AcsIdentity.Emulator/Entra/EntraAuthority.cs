using System;
using System.Globalization;
using System.Text.Json;

namespace AcsIdentity.Emulator.Entra;

/// <summary>The endpoints of Entra that an application signs in at with a secret or a certificate (OAuth 2.0 client credentials).</summary>
/// <remarks>
/// Protocol: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow. There is no instance
/// discovery: MSAL asks login.microsoftonline.com for that, never an authority that it does not know.
/// </remarks>
internal sealed class EntraAuthority(EntraOptions options, EntraTokens tokens, TimeProvider clock)
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string ScopeSuffix = "/.default";

    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(1);

    private readonly EntraPrincipal _application = new(options.ClientId);
    private readonly ClientAssertionValidator _assertions = new(options.ClientId, options.ClientCertificate, clock);

    /// <returns>The answer, or null where the request is not Entra's.</returns>
    public EmulatorResponse? TryAnswer(EmulatorRequest request)
    {
        try
        {
            return request.PathSegments() switch
            {
                [{ } tenant, "v2.0", ".well-known", "openid-configuration"] => Describe(request, tenant),
                [{ } tenant, "oauth2", "v2.0", "token"] => IssueToken(request, tenant),
                _ => null,
            };
        }
        catch (EntraRefusal refusal)
        {
            return Refuse(refusal, request.Header("client-request-id"));
        }
        catch (ServiceRefusal refusal)
        {
            return refusal.ToResponse();
        }
    }

    /// <summary>OpenID Connect Discovery 1.0, section 3. MSAL for Python and JavaScript want the authorization endpoint named, though nobody can sign in there.</summary>
    private EmulatorResponse Describe(EmulatorRequest request, string tenant)
    {
        DemandTenant(tenant);
        return EmulatorResponse.Json(200, json =>
        {
            json.WriteString("issuer", tokens.Issuer);
            json.WriteString("token_endpoint", $"{request.Origin}/{tenant}/oauth2/v2.0/token");
            json.WriteString("authorization_endpoint", $"{request.Origin}/{tenant}/oauth2/v2.0/authorize");
            json.WriteString("jwks_uri", $"{request.Origin}/.well-known/jwks.json");
            WriteTexts(json, "token_endpoint_auth_methods_supported", "client_secret_post", "private_key_jwt");
            WriteTexts(json, "grant_types_supported", "client_credentials");
        });
    }

    private EmulatorResponse IssueToken(EmulatorRequest request, string tenant)
    {
        if (request.Method != "POST")
        {
            throw EntraRefusal.MethodNotAllowed(request.Method);
        }

        request.DemandBodyInBounds();
        DemandTenant(tenant);
        string grantType = Required(request, "grant_type");
        if (grantType != "client_credentials")
        {
            throw EntraRefusal.GrantTypeUnsupported(grantType);
        }

        DemandClient(request);
        string resource = ResourceOf(Required(request, "scope"));

        DateTimeOffset now = clock.GetUtcNow();
        string token = tokens.Issue(_application, resource, now, now + _lifetime);
        EmulatorResponse response = EmulatorResponse.Json(200, json =>
        {
            json.WriteString("token_type", "Bearer");
            json.WriteNumber("expires_in", (long)_lifetime.TotalSeconds);
            json.WriteNumber("ext_expires_in", (long)_lifetime.TotalSeconds);
            json.WriteString("access_token", token);
        });
        // RFC 6749 section 5.1
        response.Headers["Cache-Control"] = "no-store";
        return response;
    }

    private void DemandTenant(string tenant)
    {
        if (!Guid.TryParse(tenant, out Guid id) || id != options.TenantId)
        {
            throw EntraRefusal.TenantNotFound(tenant);
        }
    }

    private void DemandClient(EmulatorRequest request)
    {
        string clientId = Required(request, "client_id");
        if (!Guid.TryParse(clientId, out Guid id) || id != options.ClientId)
        {
            throw EntraRefusal.ClientNotFound(clientId, options.TenantId);
        }

        if (request.FormParameter("client_assertion") is { } assertion && request.FormParameter("client_assertion_type") == JwtBearer)
        {
            _assertions.Demand(assertion, request.Origin + request.RawPath);
            return;
        }

        string secret = request.FormParameter("client_secret") ?? throw EntraRefusal.CredentialMissing();
        if (!FixedTime.AreEqual(secret, options.ClientSecret))
        {
            throw EntraRefusal.SecretInvalid(options.ClientId);
        }
    }

    /// <summary>The resource that all of its permissions are asked for: scope https://communication.azure.com//.default means https://communication.azure.com/.</summary>
    private static string ResourceOf(string scope) =>
        scope.EndsWith(ScopeSuffix, StringComparison.Ordinal) && scope.Length > ScopeSuffix.Length && scope.IndexOf(' ') < 0
            ? scope.Substring(0, scope.Length - ScopeSuffix.Length)
            : throw EntraRefusal.ScopeInvalid(scope);

    private static string Required(EmulatorRequest request, string name) =>
        request.FormParameter(name) is { Length: > 0 } value ? value : throw EntraRefusal.ParameterMissing(name);

    private EmulatorResponse Refuse(EntraRefusal refusal, string? requestId)
    {
        string timestamp = clock.GetUtcNow().ToString("u", CultureInfo.InvariantCulture);
        var traceId = Guid.NewGuid();
        Guid correlationId = Guid.TryParse(requestId, out Guid sent) ? sent : Guid.NewGuid();
        return EmulatorResponse.Json(refusal.Status, json =>
        {
            json.WriteString("error", refusal.Error);
            json.WriteString(
                "error_description",
                FormattableString.Invariant($"AADSTS{refusal.Code}: {refusal.Message} Trace ID: {traceId} Correlation ID: {correlationId} Timestamp: {timestamp}"));
            json.WriteStartArray("error_codes");
            json.WriteNumberValue(refusal.Code);
            json.WriteEndArray();
            json.WriteString("timestamp", timestamp);
            json.WriteString("trace_id", traceId);
            json.WriteString("correlation_id", correlationId);
        });
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, params string[] texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
