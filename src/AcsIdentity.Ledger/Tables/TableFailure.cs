using System;
using AcsIdentity.Ports;
using AcsIdentity.Service.SignIn;
using Azure;
using Azure.Data.Tables.Models;

namespace AcsIdentity.Ledger.Tables;

/// <summary>Says in plain words why the table cannot be used.</summary>
internal static class TableFailure
{
    public static LedgerException Describe(string location, Exception failure)
    {
        // After the last try, Azure.Core throws the failures of all tries together.
        Exception last = failure is AggregateException { InnerExceptions: { Count: > 0 } tries } ? tries[tries.Count - 1] : failure;
        return last switch
        {
            LedgerException described => described,
            RequestFailedException { Status: > 0 } refusal => Refused(location, refusal),
            SignInException signIn => Create(
                LedgerFailureKind.Unavailable, $"Signing in with the {signIn.Credential.Name} failed. {AsSentence(signIn.Message)} {signIn.Credential.Advice}"),
            OperationCanceledException => Create(LedgerFailureKind.Unavailable, "The table service did not answer in time. Check the address and the network, or try again later."),
            _ => Create(
                LedgerFailureKind.Unavailable,
                $"The table service cannot be reached, or gave no valid answer. {AsSentence(FirstLine(last.GetBaseException().Message))} Check the address and the network."),
        };

        LedgerException Create(LedgerFailureKind kind, string reason) => new(kind, location, reason, failure);
    }

    private static LedgerException Refused(string location, RequestFailedException refusal)
    {
        string facts = string.IsNullOrEmpty(refusal.ErrorCode) ? $"(HTTP {refusal.Status})" : $"(HTTP {refusal.Status}, {refusal.ErrorCode})";
        (LedgerFailureKind kind, string reason) = refusal.Status switch
        {
            400 when IsWrongName(refusal) => (LedgerFailureKind.Invalid, $"The storage account cannot have a table of this name {facts}. Choose another name."),
            401 or 403 when IsWrongCredential(refusal) => (
                LedgerFailureKind.Unavailable,
                $"The table service did not accept the credential {facts}. Check that the key is current, or that the credential belongs to the account's tenant, and that the clock of this machine is right."),
            403 => (LedgerFailureKind.Unavailable, $"The credential may not use this table {facts}. It needs the role Storage Table Data Contributor, and the account's firewall must allow this machine."),
            404 => (LedgerFailureKind.Unavailable, $"The table is not there {facts}. If it was deleted, the records are lost; the next command makes an empty one."),
            409 when refusal.ErrorCode == TableErrorCode.TableBeingDeleted => (LedgerFailureKind.Unavailable, $"The table is being deleted {facts}. Try again in some minutes."),
            408 or 429 or >= 500 => (LedgerFailureKind.Unavailable, $"The table service is busy or has failed {facts}. Try again later."),
            _ => (LedgerFailureKind.Unavailable, $"The table service refused the request {facts}."),
        };
        return new LedgerException(kind, location, reason, refusal);
    }

    private static bool IsWrongName(RequestFailedException refusal) => refusal.ErrorCode is "InvalidResourceName" or "OutOfRangeInput";

    /// <summary>With Entra, 401 says that the token is not accepted. With a key, the service answers 403 and says why in the code.</summary>
    private static bool IsWrongCredential(RequestFailedException refusal) => refusal.Status == 401 || refusal.ErrorCode is "AuthenticationFailed" or "InvalidAuthenticationInfo";

    /// <summary>Azure.Core adds status, headers and body below the message.</summary>
    private static string FirstLine(string message) => message.Split('\r', '\n')[0];

    private static string AsSentence(string reason) => reason.Length > 0 && char.IsLetterOrDigit(reason[reason.Length - 1]) ? reason + "." : reason;
}
