using System;
using System.IO;
using System.Net.Http;
using AcsIdentity.Ports;
using AcsIdentity.Service.Retries;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Service.Transport;
using Azure;

namespace AcsIdentity.Service;

/// <summary>Reads the client library's exceptions.</summary>
internal static class ServiceFailure
{
    private const string IdentityNotOwned = "IdentityNotOwned";

    public static bool IsIdentityNotOwned(RequestFailedException refused) => refused is { Status: 401, ErrorCode: IdentityNotOwned };

    public static AcsServiceException Translate(Exception failure, Uri endpoint, ServiceCall call)
    {
        var refused = failure as RequestFailedException;
        // There, nothing was sent.
        var signIn = failure as SignInException;
        bool isAnswered = refused?.Status > 0;
        return new AcsServiceException(call is { IsUnrepeatable: true, MayBeDone: true } ? FailureKind.OutcomeUnknown : KindOf(failure, call), endpoint, Reason(failure, call), failure)
        {
            Status = isAnswered ? refused!.Status : null,
            ServiceCode = refused?.ErrorCode,
            RequestId = signIn is null ? call.RequestId : null,
            SentAt = signIn is null ? call.SentAt : null,
            Credential = signIn?.Credential,
            RetryAfter = refused?.GetRawResponse() is { } response ? ServerDelay.Of(response) : null,
        };
    }

    private static FailureKind KindOf(Exception failure, ServiceCall call) => failure switch
    {
        RequestFailedException refused when IsIdentityNotOwned(refused) => FailureKind.IdentityNotFound,
        RequestFailedException { Status: 401 } => FailureKind.Authentication,
        RequestFailedException { Status: 403 } => FailureKind.PermissionDenied,
        RequestFailedException { Status: 400 } => FailureKind.InvalidRequest,
        RequestFailedException { Status: 429 } => FailureKind.Throttled,
        RequestFailedException { Status: 408 } => FailureKind.Timeout,
        RequestFailedException { Status: > 0 } => FailureKind.Service,
        // Without an answer, or with one that broke off.
        RequestFailedException or IOException or HttpRequestException => FailureKind.Connection,
        SignInException => FailureKind.SignIn,
        _ when ServiceTransport.IsConnectTimeout(failure) => FailureKind.Connection,
        OperationCanceledException => call.SentAt is null ? FailureKind.Throttled : FailureKind.Timeout,
        _ => FailureKind.Service,
    };

    private static string Reason(Exception failure, ServiceCall call) => failure switch
    {
        _ when ServiceTransport.IsConnectTimeout(failure) => "No connection came about in time.",
        OperationCanceledException when call.SentAt is null => "The call did not get its turn within the time allowed.",
        RequestFailedException { Status: > 0 } or SignInException => FirstLine(failure.Message),
        _ => FirstLine(failure.GetBaseException().Message),
    };

    /// <summary>The service's own words. Azure.Core adds status, headers and body below them.</summary>
    private static string FirstLine(string message) => message.Split('\r', '\n')[0];
}
