using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>An error response of Entra: an OAuth 2.0 error (RFC 6749 section 5.2) and an AADSTS code.</summary>
/// <remarks>
/// Codes: https://learn.microsoft.com/entra/identity-platform/reference-error-codes. The texts are shortened from recorded
/// responses; Microsoft warns clients not to rely on them.
/// </remarks>
internal sealed class EntraError : Exception
{
    private EntraError(int status, string error, int code, string message)
        : base(message)
    {
        Status = status;
        Error = error;
        Code = code;
    }

    public int Status { get; }

    /// <summary>The OAuth 2.0 error code.</summary>
    public string Error { get; }

    /// <summary>The number after AADSTS.</summary>
    public int Code { get; }

    public static EntraError MethodNotAllowed(string method) =>
        new(405, "invalid_request", 900561, $"The endpoint only accepts POST requests. Received a {method} request.");

    public static EntraError TenantNotFound(string tenant) =>
        new(400, "invalid_tenant", 90002, $"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.");

    public static EntraError ParameterMissing(string name) =>
        new(400, "invalid_request", 900144, $"The request body must contain the following parameter: '{name}'.");

    public static EntraError GrantTypeUnsupported(string grantType) =>
        new(400, "unsupported_grant_type", 70003, $"The app requested an unsupported grant type '{grantType}'.");

    public static EntraError ApplicationScopeInvalid(string scope) =>
        new(400, "invalid_scope", 1002012, $"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).");

    public static EntraError UserScopeInvalid(string scope) =>
        new(400, "invalid_scope", 70011, $"The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid.");

    public static EntraError ClientNotFound(string clientId, Guid tenantId) =>
        new(400, "unauthorized_client", 700016, $"Application with identifier '{clientId}' was not found in the directory '{tenantId}'. You may have sent your authentication request to the wrong tenant.");

    public static EntraError CredentialMissing() =>
        new(401, "invalid_client", 7000216, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.");

    public static EntraError SecretInvalid(Guid clientId) =>
        new(401, "invalid_client", 7000215, $"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{clientId}'.");

    public static EntraError AssertionMalformed() => new(400, "invalid_request", 50027, "JWT token is invalid or malformed.");

    public static EntraError AssertionNotSigned() => new(401, "invalid_client", 700027, "The certificate with identifier used to sign the client assertion is not registered on application.");

    public static EntraError AssertionOfAnotherClient() =>
        new(401, "invalid_client", 700021, "Client assertion application identifier doesn't match 'client_id' parameter.");

    public static EntraError AssertionForAnotherAudience() =>
        new(401, "invalid_client", 700023, "Client assertion audience claim does not match Realm issuer.");

    public static EntraError AssertionExpired() =>
        new(401, "invalid_client", 700024, "Client assertion is not within its valid time range.");

    public static EntraError ResponseTypeUnsupported(string responseType) =>
        new(400, "unsupported_response_type", 700054, $"response_type '{responseType}' is not enabled for the application.");

    public static EntraError RedirectInvalid(string redirect, Guid clientId) =>
        new(400, "invalid_request", 50011, $"The redirect URI '{redirect}' specified in the request does not match the redirect URIs configured for the application '{clientId}'.");

    public static EntraError AuthorizationCodeInvalid() =>
        new(400, "invalid_grant", 70008, "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.");

    public static EntraError UserNotFound(Guid tenantId) =>
        new(400, "invalid_grant", 50034, $"The user account does not exist in the {tenantId} directory. To sign into this application, the account must be added to the directory.");

    public static EntraError CodeVerifierInvalid() =>
        new(400, "invalid_grant", 501481, "The Code_Verifier does not match the code_challenge supplied in the authorization request.");

    // RFC 8628 section 3.5
    public static EntraError AuthorizationPending() =>
        new(400, "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");

    public static EntraError DeviceCodeExpired() =>
        new(400, "expired_token", 70020, "The provided value for the input parameter 'device_code' is not valid. This device code has expired.");
}
