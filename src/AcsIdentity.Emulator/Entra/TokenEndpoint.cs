using System;
using System.Text.Json;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Entra;

/// <summary>The token endpoint. Applications get tokens for a client secret, a certificate, an authorization code, a device code, a user's name and password, or a refresh token.</summary>
/// <remarks>Protocol of client credentials: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow</remarks>
internal sealed class TokenEndpoint(EntraOptions options, EntraTenant tenant, EntraTokens tokens, AuthorizationEndpoint browsers, DeviceSignIn devices, EmulatorClock clock)
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(1);

    /// <summary>The consents behind the refresh tokens. Entra's default lifetime of a refresh token is 90 days.</summary>
    private readonly ExpiringCodes<UserConsent> _refreshTokens = new(TimeSpan.FromDays(90), clock);

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
            case "password":
                tenant.RequireTenantForUsers(tenantName);
                return IssueToUser(ReadPasswordGrant(request));
            case "refresh_token":
                tenant.RequireTenantForUsers(tenantName);
                return Refresh(request);
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
        DateTimeOffset now = clock.GetUtcNow();
        return Respond(_application, EntraScope.ForApplication(request.RequiredFormParameter("scope")), now, _ => { });
    }

    /// <summary>Signs the tenant's one user in. As at the other sign-ins, the user has no password: any text is accepted.</summary>
    /// <remarks>Protocol: https://learn.microsoft.com/entra/identity-platform/v2-oauth-ropc</remarks>
    private UserConsent ReadPasswordGrant(EmulatorRequest request)
    {
        Guid clientId = tenant.GetUserApplication(request.RequiredFormParameter("client_id"));
        tenant.RequireUser(request.RequiredFormParameter("username"));
        request.RequiredFormParameter("password");
        return new UserConsent(clientId, EntraScope.ForUser(request.RequiredFormParameter("scope")));
    }

    /// <summary>A refresh token stays valid, as in Entra, and may get a token for other scopes.</summary>
    private EmulatorResponse Refresh(EmulatorRequest request)
    {
        string refreshToken = request.RequiredFormParameter("refresh_token");
        UserConsent consent = _refreshTokens.Find(refreshToken) ?? throw EntraError.AuthorizationCodeInvalid();
        if (tenant.GetUserApplication(request.RequiredFormParameter("client_id")) != consent.ClientId)
        {
            throw EntraError.AuthorizationCodeInvalid();
        }

        EntraScope scope = request.FormParameter("scope") is { Length: > 0 } asked ? EntraScope.ForUser(asked) : consent.Scope;
        return IssueToUser(new UserConsent(consent.ClientId, scope), refreshToken);
    }

    private EmulatorResponse IssueToUser(UserConsent consent)
    {
        string? refreshToken = null;
        if (consent.Scope.IsOffline)
        {
            refreshToken = Base64Url.Encode(RandomBytes.Create(32));
            _refreshTokens.Add(refreshToken, consent);
        }

        return IssueToUser(consent, refreshToken);
    }

    private EmulatorResponse IssueToUser(UserConsent consent, string? refreshToken)
    {
        EntraPrincipal user = tenant.SignedInUser(consent.ClientId);
        DateTimeOffset now = clock.GetUtcNow();
        return Respond(user, consent.Scope, now, json =>
        {
            json.WriteString("scope", consent.Scope.Text);
            if (refreshToken is not null)
            {
                json.WriteString("refresh_token", refreshToken);
            }

            json.WriteString("id_token", tokens.IssueIdToken(user, consent.Nonce, now, now + _lifetime));
            json.WriteString("client_info", tokens.ClientInfo(user));
        });
    }

    private EmulatorResponse Respond(EntraPrincipal principal, EntraScope scope, DateTimeOffset now, Action<Utf8JsonWriter> writeUser)
    {
        EmulatorResponse response = EmulatorResponse.Json(200, json =>
        {
            json.WriteString("token_type", "Bearer");
            json.WriteNumber("expires_in", (long)_lifetime.TotalSeconds);
            json.WriteNumber("ext_expires_in", (long)_lifetime.TotalSeconds);
            json.WriteString("access_token", tokens.Issue(principal, scope.Resource, now, now + _lifetime, scope.Permissions));
            writeUser(json);
        });
        // RFC 6749 section 5.1
        response.Headers["Cache-Control"] = "no-store";
        return response;
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
