using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using AcsIdentity.Ports;
using Azure;

namespace AcsIdentity.Service;

/// <summary>Reads the client library's exceptions.</summary>
internal static class ServiceFailure
{
    private const string IdentityNotOwned = "IdentityNotOwned";

    public static AcsServiceException Translate(Exception failure, Uri endpoint, string requestId) => failure switch
    {
        // Azure.Core gathers the tries of a call that failed more than once; the last one tells how it stands.
        AggregateException { InnerExceptions.Count: > 0 } tries => Translate(tries.InnerExceptions.Last(), endpoint, requestId),
        RequestFailedException { Status: > 0 } refused => Refused(refused, endpoint, requestId),
        // Without an answer, or with one that broke off.
        RequestFailedException or IOException or HttpRequestException =>
            new AcsServiceException(FailureKind.Connection, endpoint, failure.GetBaseException().Message, failure) { RequestId = requestId },
        OperationCanceledException late => new AcsServiceException(FailureKind.Timeout, endpoint, late.Message, late) { RequestId = requestId },
        _ => new AcsServiceException(FailureKind.Service, endpoint, failure.Message, failure) { RequestId = requestId },
    };

    private static AcsServiceException Refused(RequestFailedException refused, Uri endpoint, string requestId)
    {
        FailureKind kind = refused.Status switch
        {
            401 when refused.ErrorCode == IdentityNotOwned => FailureKind.IdentityNotFound,
            401 => FailureKind.Authentication,
            403 => FailureKind.PermissionDenied,
            400 => FailureKind.InvalidRequest,
            429 => FailureKind.Throttled,
            408 => FailureKind.Timeout,
            _ => FailureKind.Service,
        };
        return new AcsServiceException(kind, endpoint, FirstLine(refused.Message), refused)
        {
            Status = refused.Status,
            ServiceCode = refused.ErrorCode,
            RequestId = requestId,
            RetryAfter = RetryAfter(refused.GetRawResponse()),
        };
    }

    /// <summary>The service's own words. Azure.Core adds status, headers and body below them.</summary>
    private static string FirstLine(string message) => message.Split('\r', '\n')[0];

    private static TimeSpan? RetryAfter(Response? response)
    {
        if (response is null || !response.Headers.TryGetValue("Retry-After", out string? value))
        {
            return null;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) && date > DateTimeOffset.UtcNow
            ? date - DateTimeOffset.UtcNow
            : null;
    }

}
