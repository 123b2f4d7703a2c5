using System;
using System.Globalization;
using System.Text.Json;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Entra;

/// <summary>The two managed-identity endpoints: instance metadata (virtual machines), and App Service and Automation.</summary>
/// <remarks>
/// Protocols: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token and
/// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference. The one identity is
/// system-assigned and user-assigned: a request names no identity, its client id or its object id.
/// </remarks>
internal sealed class ManagedIdentityEndpoints(EntraOptions options, EntraTokens tokens, TimeProvider clock)
{
    private const string InstanceMetadataPath = "/metadata/identity/oauth2/token";

    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(24);

    private readonly EntraPrincipal _identity = new(options.ManagedIdentityClientId, Guid.NewGuid());

    /// <returns>The response; null if the request is for neither endpoint.</returns>
    public EmulatorResponse? TryHandle(EmulatorRequest request) => (request.Method, request.RawPath) switch
    {
        ("GET", InstanceMetadataPath) => HandleInstanceMetadata(request),
        ("GET", EntraOptions.ManagedIdentityPath) => HandleAppService(request),
        _ => null,
    };

    private EmulatorResponse HandleInstanceMetadata(EmulatorRequest request)
    {
        if (!string.Equals(request.Header("Metadata"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return InstanceMetadataError("Required metadata header not specified");
        }

        if (request.QueryParameter("api-version") is null)
        {
            return InstanceMetadataError("api-version was not specified in the request");
        }

        if (request.QueryParameter("resource") is not { Length: > 0 } resource)
        {
            return InstanceMetadataError("Required audience parameter not specified");
        }

        return IsAssigned(request) ? IssueToken(resource) : InstanceMetadataError("Identity not found");
    }

    private EmulatorResponse HandleAppService(EmulatorRequest request)
    {
        if (!FixedTime.AreEqual(request.Header("X-IDENTITY-HEADER") ?? "", options.IdentityHeader))
        {
            return AppServiceError(401, "The header X-IDENTITY-HEADER is not the value of IDENTITY_HEADER.");
        }

        if (request.QueryParameter("api-version") is null || request.QueryParameter("resource") is not { Length: > 0 } resource)
        {
            return AppServiceError(400, "The parameters api-version and resource are required.");
        }

        return IsAssigned(request)
            ? IssueToken(resource)
            : AppServiceError(400, "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.");
    }

    private bool IsAssigned(EmulatorRequest request)
    {
        bool IsMissingOr(string name, Guid id) =>
            request.QueryParameter(name) is not { } text || (Guid.TryParse(text, out Guid asked) && asked == id);

        return IsMissingOr("client_id", _identity.ClientId)
            && IsMissingOr("object_id", _identity.ObjectId)
            && IsMissingOr("principal_id", _identity.ObjectId)
            && request.QueryParameter("msi_res_id") is null
            && request.QueryParameter("mi_res_id") is null;
    }

    /// <summary>Writes numbers as strings, as the recorded responses do.</summary>
    private EmulatorResponse IssueToken(string resource)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset expiresOn = now + _lifetime;
        string token = tokens.Issue(_identity, resource, now, expiresOn);
        return EmulatorResponse.Json(200, json =>
        {
            json.WriteString("access_token", token);
            json.WriteString("client_id", _identity.ClientId);
            WriteNumber(json, "expires_in", (long)_lifetime.TotalSeconds);
            WriteNumber(json, "expires_on", expiresOn.ToUnixTimeSeconds());
            WriteNumber(json, "not_before", now.ToUnixTimeSeconds());
            json.WriteString("resource", resource);
            json.WriteString("token_type", "Bearer");
        });
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long number) =>
        json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));

    private static EmulatorResponse InstanceMetadataError(string problem) => EmulatorResponse.Json(400, json =>
    {
        json.WriteString("error", "invalid_request");
        json.WriteString("error_description", problem);
    });

    private static EmulatorResponse AppServiceError(int status, string problem) => EmulatorResponse.Json(status, json =>
    {
        json.WriteNumber("statusCode", status);
        json.WriteString("message", problem);
    });
}
