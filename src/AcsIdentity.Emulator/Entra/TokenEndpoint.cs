using System;
using System.Text.Json;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Entra;

/// <summary>The token endpoint. Applications get tokens for a client secret, a certificate, an authorization code or a device code.</summary>
/// <remarks>Protocol of client credentials: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow</remarks>
internal sealed class TokenEndpoint(EntraOptions options, EntraTenant tenant, EntraTokens tokens, AuthorizationEndpoint browsers, DeviceSignIn devices, EmulatorClock clock)
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(1);

    private readonly EntraPrincipal _application = new(options.ClientId, Guid.NewGuid());
    private readonly ClientAssertionValidator _assertions = new(options.ClientId, options.ClientCertificate, clock.RequestDates);

    /// <exception cref="EntraError">The request names another tenant, or its credential is not valid.</exception>
    public EmulatorResponse IssueToken(EmulatorRequest request, string tenantName)
    {
        request.RequireForm();
        string? grantType = request.FormParameter("grant_type");
        switch (grantType)
        {
            case "authorization_code":
                tenant.RequireTenantForUsers(tenantName);
                return IssueToUser(browsers.Redeem(request));
            // MSAL for .NET uses the name from a draft of the standard.
            case "urn:ietf:params:oauth:grant-type:device_code" or "device_code":
                tenant.RequireTenantForUsers(tenantName);
                return IssueToUser(devices.Redeem(request));
            default:
                tenant.RequireTenant(tenantName);
                return IssueToApplication(request);
        }
    }

    private EmulatorResponse IssueToApplication(EmulatorRequest request)
    {
        string grantType = request.RequiredFormParameter("grant_type");
        if (grantType != "client_credentials")
        {
            throw EntraError.GrantTypeUnsupported(grantType);
        }

        RequireCredential(request);
        return Issue(_application, EntraScope.ResourceForApplication(request.RequiredFormParameter("scope")));
    }

    private EmulatorResponse IssueToUser(UserConsent consent) => Issue(tenant.SignedInUser(consent.ClientId), consent.Resource, consent.Nonce);

    private EmulatorResponse Issue(EntraPrincipal principal, string resource, string? nonce = null)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset expiresOn = now + _lifetime;
        EmulatorResponse response = EmulatorResponse.Json(200, json =>
        {
            json.WriteString("token_type", "Bearer");
            json.WriteNumber("expires_in", (long)_lifetime.TotalSeconds);
            json.WriteNumber("ext_expires_in", (long)_lifetime.TotalSeconds);
            json.WriteString("access_token", tokens.Issue(principal, resource, now, expiresOn));
            if (principal.UserName is not null)
            {
                WriteUser(json, principal, resource, nonce, now, expiresOn);
            }
        });
        // RFC 6749 section 5.1
        response.Headers["Cache-Control"] = "no-store";
        return response;
    }

    private void WriteUser(Utf8JsonWriter json, EntraPrincipal user, string resource, string? nonce, DateTimeOffset now, DateTimeOffset expiresOn)
    {
        json.WriteString("scope", EntraScope.DefaultScope(resource));
        json.WriteString("id_token", tokens.IssueIdToken(user, nonce, now, expiresOn));
        json.WriteString("client_info", tokens.ClientInfo(user));
    }

    private void RequireCredential(EmulatorRequest request)
    {
        tenant.RequireApplication(request.RequiredFormParameter("client_id"));
        if (request.FormParameter("client_assertion") is { } assertion && request.FormParameter("client_assertion_type") == JwtBearer)
        {
            _assertions.Validate(assertion, request.Origin + request.RawPath);
            return;
        }

        string secret = request.FormParameter("client_secret") ?? throw EntraError.CredentialMissing();
        if (!FixedTime.AreEqual(secret, options.ClientSecret))
        {
            throw EntraError.SecretInvalid(options.ClientId);
        }
    }
}
