using System;
using System.Globalization;
using System.Text.Json;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Entra;

/// <summary>The Entra endpoints where applications and users sign in.</summary>
/// <remarks>There is no instance discovery endpoint: MSAL sends discovery requests for an unknown authority to login.microsoftonline.com.</remarks>
internal sealed class EntraAuthority
{
    private readonly EntraTokens _tokens;
    private readonly TimeProvider _clock;
    private readonly EntraTenant _tenant;
    private readonly AuthorizationEndpoint _browsers;
    private readonly DeviceSignIn _devices;
    private readonly TokenEndpoint _tokenEndpoint;

    public EntraAuthority(EntraOptions options, EntraTokens tokens, EmulatorClock clock)
    {
        _tokens = tokens;
        _clock = clock;
        _tenant = new EntraTenant(options);
        _browsers = new AuthorizationEndpoint(_tenant, tokens, clock);
        _devices = new DeviceSignIn(_tenant, clock);
        _tokenEndpoint = new TokenEndpoint(options, _tenant, tokens, _browsers, _devices, clock);
    }

    /// <returns>The response; null if the path is not one of Entra's.</returns>
    public EmulatorResponse? TryHandle(EmulatorRequest request)
    {
        try
        {
            return request.PathSegments() switch
            {
                [{ } tenant, "v2.0", ".well-known", "openid-configuration"] => Describe(request, tenant),
                [{ } tenant, "oauth2", "v2.0", "token"] => _tokenEndpoint.IssueToken(request, tenant),
                [{ } tenant, "oauth2", "v2.0", "authorize"] => _browsers.SignIn(request, tenant),
                [{ } tenant, "oauth2", "v2.0", "devicecode"] => _devices.Start(request, tenant),
                ["common", { } name, { Length: > 0 }] when string.Equals(name, "userrealm", StringComparison.OrdinalIgnoreCase) => DescribeRealm(),
                [DeviceSignIn.PageName] => _devices.HandleBrowser(request),
                _ => null,
            };
        }
        catch (EntraError error)
        {
            return ErrorResponse(error, request.Header("client-request-id"));
        }
        catch (ServiceError error)
        {
            return error.ToResponse();
        }
    }

    /// <summary>OpenID Connect Discovery 1.0, section 3.</summary>
    private EmulatorResponse Describe(EmulatorRequest request, string tenant)
    {
        _tenant.RequireTenantForUsers(tenant);
        return EmulatorResponse.Json(200, json =>
        {
            json.WriteString("issuer", _tokens.Issuer);
            json.WriteString("token_endpoint", $"{request.Origin}/{tenant}/oauth2/v2.0/token");
            json.WriteString("authorization_endpoint", $"{request.Origin}/{tenant}/oauth2/v2.0/authorize");
            json.WriteString("device_authorization_endpoint", $"{request.Origin}/{tenant}/oauth2/v2.0/devicecode");
            json.WriteString("jwks_uri", $"{request.Origin}/.well-known/jwks.json");
            WriteTexts(json, "token_endpoint_auth_methods_supported", "client_secret_post", "private_key_jwt");
            WriteTexts(json, "grant_types_supported", "client_credentials", "authorization_code", "urn:ietf:params:oauth:grant-type:device_code", "password", "refresh_token");
        });
    }

    /// <summary>Tells that the tenant itself signs its users in. MSAL for .NET and for Python ask before they send a password.</summary>
    private static EmulatorResponse DescribeRealm() => EmulatorResponse.Json(200, json =>
    {
        json.WriteString("ver", "1.0");
        json.WriteString("account_type", "Managed");
        json.WriteString("cloud_audience_urn", "urn:federation:MicrosoftOnline");
    });

    private EmulatorResponse ErrorResponse(EntraError error, string? requestId)
    {
        string timestamp = _clock.GetUtcNow().ToString("u", CultureInfo.InvariantCulture);
        var traceId = Guid.NewGuid();
        Guid correlationId = Guid.TryParse(requestId, out Guid sent) ? sent : Guid.NewGuid();
        return EmulatorResponse.Json(error.Status, json =>
        {
            json.WriteString("error", error.Error);
            json.WriteString(
                "error_description",
                FormattableString.Invariant($"AADSTS{error.Code}: {error.Message} Trace ID: {traceId} Correlation ID: {correlationId} Timestamp: {timestamp}"));
            json.WriteStartArray("error_codes");
            json.WriteNumberValue(error.Code);
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
