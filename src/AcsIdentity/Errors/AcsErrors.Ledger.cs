using System;
using System.Management.Automation;
using AcsIdentity.Connections;
using AcsIdentity.Models;
using AcsIdentity.Ports;

namespace AcsIdentity.Errors;

/// <content>The errors about the ledger.</content>
internal static partial class AcsErrors
{
    /// <summary>A ledger that cannot be used.</summary>
    public static ErrorRecord LedgerFailed(LedgerException failure)
    {
        (string id, ErrorCategory category) = failure.Kind switch
        {
            LedgerFailureKind.Invalid => ("AcsInvalidLedger", ErrorCategory.InvalidArgument),
            _ => ("AcsLedgerFailed", ErrorCategory.ResourceUnavailable),
        };
        return new ErrorRecord(new InvalidOperationException($"{failure.Location}: {AsSentence(failure.Message)}", failure), id, category, failure.Location);
    }

    /// <param name="problem">Which part is wrong, without its value: the value may be a key.</param>
    public static ErrorRecord InvalidLedger(InvalidLedgerException problem) => new(
        new ArgumentException(Describe(problem)), "AcsInvalidLedger", ErrorCategory.InvalidArgument, problem.Origin);

    public static string Describe(InvalidLedgerException problem) => $"{problem.Origin}: {problem.Message}";

    public static ErrorRecord NoLedger() => new(
        new InvalidOperationException(
            $"The connection has no ledger, and this needs one. Run Connect-AcsIdentity with -Ledger, or set the environment variable {LedgerLocation.VariableName} to a file or the address of a table."),
        "AcsNoLedger",
        ErrorCategory.InvalidOperation,
        targetObject: null);

    /// <param name="name">The id or tag.</param>
    /// <param name="connection">The connection with the ledger.</param>
    public static ErrorRecord NotRecorded(string name, AcsConnection connection) => new(
        new InvalidOperationException($"{About(name)}{connection.Ledger}: The ledger has no such identity of {connection.Endpoint}."),
        "AcsIdentityNotRecorded",
        ErrorCategory.ObjectNotFound,
        name);
}
