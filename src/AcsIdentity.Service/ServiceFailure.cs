using System;
using System.IO;
using System.Net.Http;
using AcsIdentity.Ports;
using AcsIdentity.Service.Retries;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Service.Transport;
using Azure;

namespace AcsIdentity.Service;

/// <summary>Translates the exceptions of the client library.</summary>
internal static class ServiceFailure
{
    private const string IdentityNotOwned = "IdentityNotOwned";

    public static bool IsIdentityNotOwned(RequestFailedException rejection) => rejection is { Status: 401, ErrorCode: IdentityNotOwned };

    /// <summary>Whether a removal found nothing to remove.</summary>
    public static bool IsAlreadyGone(RequestFailedException rejection, IdentityOperation operation) =>
        operation == IdentityOperation.Delete ? IsIdentityNotOwned(rejection) : operation == IdentityOperation.RemoveAssignment && rejection.Status == 404;

    public static AcsServiceException Translate(Exception failure, Uri endpoint, ServiceCall call)
    {
        var rejection = failure as RequestFailedException;
        int? status = StatusOf(failure);
        var signIn = failure as SignInException;
        // The sign-in comes after the attempt has begun, and before it is sent.
        bool wasSent = call.SentAt is not null && signIn is null;
        return new AcsServiceException(call.IsOutcomeUnknown ? FailureKind.OutcomeUnknown : KindOf(failure, status, call), endpoint, Reason(failure, call), failure)
        {
            Status = status,
            ServiceCode = rejection?.ErrorCode,
            RequestId = wasSent ? call.RequestId : null,
            SentAt = wasSent ? call.SentAt : null,
            Credential = signIn?.Credential,
            RetryAfter = rejection?.GetRawResponse() is { } response ? RetryAfterHeader.Read(response) : null,
        };
    }

    /// <summary>The HTTP status; null if there was no response.</summary>
    private static int? StatusOf(Exception failure) => failure switch
    {
        RequestFailedException { Status: > 0 } rejection => rejection.Status,
        UnusableAnswerException unusable => unusable.Status,
        _ => null,
    };

    private static FailureKind KindOf(Exception failure, int? status, ServiceCall call) => failure switch
    {
        RequestFailedException rejection when IsIdentityNotOwned(rejection) => FailureKind.IdentityNotFound,
        RequestFailedException { Status: 404 } when call.Operation is IdentityOperation.GetAssignment or IdentityOperation.RemoveAssignment => FailureKind.AssignmentNotFound,
        _ when status is not null => status switch
        {
            401 => FailureKind.Authentication,
            403 => FailureKind.PermissionDenied,
            400 => FailureKind.InvalidRequest,
            429 => FailureKind.Throttled,
            408 => FailureKind.Timeout,
            _ => FailureKind.Service,
        },
        // There was no response, or an incomplete one.
        RequestFailedException or IOException or HttpRequestException => FailureKind.Connection,
        SignInException => FailureKind.SignIn,
        OperationCanceledException => call.SentAt is null ? FailureKind.Throttled : FailureKind.Timeout,
        _ => FailureKind.Service,
    };

    private static string Reason(Exception failure, ServiceCall call) => failure switch
    {
        OperationCanceledException when call.SentAt is null => "The call timed out before it was sent.",
        RequestFailedException { Status: > 0 } rejection => ServiceMessage(rejection),
        UnusableAnswerException => failure.Message,
        SignInException or ConnectTimeoutException => FirstLine(failure.Message),
        _ => FirstLine(failure.GetBaseException().Message),
    };

    /// <summary>The message of the service, line breaks included. Azure.Core adds status, headers and body below it.</summary>
    private static string ServiceMessage(RequestFailedException rejection)
    {
        int end = rejection.Message.IndexOf($"{Environment.NewLine}Status: ", StringComparison.Ordinal);
        return end < 0 ? rejection.Message : rejection.Message.Substring(0, end);
    }

    private static string FirstLine(string message) => message.Split('\r', '\n')[0];
}
