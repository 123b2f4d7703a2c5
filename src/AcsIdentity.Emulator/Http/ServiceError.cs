using System;
using System.Collections.Generic;
using System.Globalization;

namespace AcsIdentity.Emulator.Http;

/// <summary>An error response of the service: status, code and message.</summary>
/// <remarks>
/// Codes and texts marked "recorded" are the real service's, from recordings of the published clients. The others are not
/// recorded; their codes follow the most similar recorded error.
/// </remarks>
internal sealed class ServiceError : Exception
{
    private const string ValidationError = "ValidationError";

    private readonly int _status;
    private readonly string _code;
    private readonly string? _target;
    private readonly bool _reportsVersions;
    private readonly (string Name, string Value)? _header;

    private ServiceError(int status, string code, string message, string? target = null, bool reportsVersions = true, (string Name, string Value)? header = null)
        : base(message)
    {
        _status = status;
        _code = code;
        _target = target;
        _reportsVersions = reportsVersions;
        _header = header;
    }

    // 401, recorded
    public static ServiceError Denied() => new(401, "Denied", "Denied by the resource provider.");

    public static ServiceError ContentHashDiffers() =>
        new(401, "Denied", "Request 'x-ms-content-sha256' differs from generated content hash.");

    public static ServiceError IdentityNotOwned() =>
        new(401, "IdentityNotOwned", "Provided identity doesn't belong to the resource.");

    public static ServiceError InvalidAccessToken() =>
        new(401, "InvalidAccessToken", "Provided access token is not valid.", reportsVersions: false);

    // 400, recorded
    public static ServiceError LifetimeOutOfRange(long minutes, int min, int max) =>
        new(400, ValidationError, FormattableString.Invariant($"ExpiresInMinutes value {minutes} is invalid. Value must be within the [{min}, {max}] interval."), "ExpiresInMinutes");

    /// <summary>Recorded for Scopes, AppId and UserId.</summary>
    public static ServiceError FieldMissing(string field) =>
        new(400, ValidationError, $"{field}: The {field} field is required.", field, reportsVersions: false);

    public static ServiceError ScopesEmpty() => new(400, ValidationError, "Invalid scopes - Scopes field is required.", "scopes");

    public static ServiceError AppIdMalformed() => new(400, ValidationError, "Provided AppId has invalid format.", "appId");

    public static ServiceError AppIdUnexpected() => new(400, ValidationError, "AAD application is not the expected one.", "appId");

    public static ServiceError UserIdMalformed() => new(400, ValidationError, "Provided UserId has invalid format.", "userId");

    public static ServiceError UserIdUnexpected() => new(400, ValidationError, "Provided AAD token issued for unexpected user.", "userId");

    /// <summary>Seen with this status in an issue: Azure-Samples/communication-services-web-calling-tutorial#8. The URI is absolute, without the query.</summary>
    public static ServiceError ApiVersionUnsupported(EmulatorRequest request, string version) =>
        new(400, "UnsupportedApiVersion", $"The HTTP resource that matches the request URI '{request.Origin}{request.RawPath}' does not support the API version '{version}'.");

    /// <summary>
    /// The message is second-hand: two public programs for ACS email handle it. One of them names the code AuthenticationFailed.
    /// This is the code of the recorded refusals of credentials.
    /// </summary>
    public static ServiceError DateOutsideWindow(int minutes) => new(
        401, "Denied", FormattableString.Invariant($"The time difference between the originating client and the server is greater than the allowed margin of {minutes} minutes."));

    // Not recorded
    public static ServiceError ScopeUnknown(string scope, string apiVersion) =>
        new(400, ValidationError, $"Invalid scopes - '{scope}' is not a scope of API version {apiVersion}.", "scopes");

    public static ServiceError MemberMalformed(string member, string expected) =>
        new(400, ValidationError, $"{member}: The value could not be read as {expected}.", member);

    public static ServiceError CustomIdOutOfRange(int maxLength) =>
        new(400, ValidationError, $"CustomId: The length must be between 1 and {maxLength} characters.", "customId");

    public static ServiceError BodyMalformed() => new(400, ValidationError, "The request body is not a JSON object.");

    /// <summary>The refusal of both exchanges of an Entra user's token.</summary>
    public static ServiceError PrincipalNotAssigned() =>
        new(403, "Forbidden", "The principal of the Entra token has no access assignment for this application and scope.");

    public static ServiceError ApiVersionMissing() =>
        new(400, "ApiVersionUnspecified", "An API version is required, but was not specified.");

    public static ServiceError BodyTooLong(int maxBytes) =>
        new(413, "PayloadTooLarge", $"The request body is longer than {maxBytes} bytes.");

    public static ServiceError BodyTimedOut() => new(408, "RequestTimeout", "The request body did not arrive in time.");

    public static ServiceError Throttled(TimeSpan? retryAfter) =>
        new(429, "TooManyRequests", "The resource's quota is used up.", header: RetryAfter(retryAfter));

    /// <summary>The error of a fault with the kind Status.</summary>
    public static ServiceError PlannedFault(int status, TimeSpan? retryAfter) =>
        new(status, "PlannedFault", "The emulator was told to return this error.", header: RetryAfter(retryAfter));

    /// <summary>An error of the control API, which the real service does not have.</summary>
    public static ServiceError InvalidControlRequest(int status, string message) => new(status, "InvalidRequest", message);

    public static ServiceError ResourceNotFound() => new(404, "NotFound", "The resource does not exist.");

    /// <summary>RFC 9110 requires the header Allow.</summary>
    public static ServiceError MethodNotAllowed(string method, IEnumerable<string> allowed) =>
        new(405, "MethodNotAllowed", $"The resource does not support the method {method}.", header: ("Allow", string.Join(", ", allowed)));

    public EmulatorResponse ToResponse()
    {
        EmulatorResponse response = EmulatorResponse.Json(_status, "application/json", json =>
        {
            json.WriteStartObject("error");
            json.WriteString("code", _code);
            json.WriteString("message", Message);
            if (_target is not null)
            {
                json.WriteString("target", _target);
            }

            json.WriteEndObject();
        }) with
        {
            ReportsVersions = _reportsVersions,
        };
        if (_header is { } header)
        {
            response.Headers[header.Name] = header.Value;
        }

        return response;
    }

    /// <summary>Whole seconds, rounded up, so that a client that waits this long is not too early.</summary>
    private static (string Name, string Value)? RetryAfter(TimeSpan? wait) =>
        wait is { } time ? ("Retry-After", Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture)) : null;
}
