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
    /// <param name="failure">Why.</param>
    /// <param name="done">How many objects the command had processed; null if it had not begun.</param>
    public static ErrorRecord LedgerFailed(LedgerException failure, int? done = null)
    {
        string progress = done is { } count
            ? FormattableString.Invariant($" The command ended, because it does nothing that it cannot record. {count:N0} objects were processed before.")
            : "";
        (string id, ErrorCategory category) = failure.Kind switch
        {
            LedgerFailureKind.Invalid => ("AcsInvalidLedger", ErrorCategory.InvalidArgument),
            _ => ("AcsLedgerFailed", ErrorCategory.ResourceUnavailable),
        };
        return Record(text => new InvalidOperationException(text, failure), $"{failure.Location}: {AsSentence(failure.Message)}{progress}", id, category, failure.Location);
    }

    /// <param name="problem">Which part is wrong, without its value: the value may be a key.</param>
    public static ErrorRecord InvalidLedger(InvalidLedgerException problem) => Record(
        text => new ArgumentException(text),
        Describe(problem), "AcsInvalidLedger", ErrorCategory.InvalidArgument, problem.Origin);

    public static string Describe(InvalidLedgerException problem) => $"{problem.Origin}: {problem.Message}";

    public static ErrorRecord NoLedger() => Record(
        text => new InvalidOperationException(text),
        $"The connection has no ledger, and this needs one. Run Connect-AcsIdentity with -Ledger, or set the environment variable {LedgerLocation.VariableName} to a file or the address of a table.",
        "AcsNoLedger",
        ErrorCategory.InvalidOperation,
        targetObject: null);

    /// <param name="problem">What is wrong.</param>
    public static ErrorRecord InvalidReuse(string problem) =>
        Record(text => new ArgumentException(text), problem, "AcsInvalidReuse", ErrorCategory.InvalidArgument, targetObject: null);

    /// <param name="problem">Why the ledger cannot keep the tag.</param>
    /// <param name="tag">The tag.</param>
    public static ErrorRecord InvalidTag(string problem, string tag) =>
        Record(text => new ArgumentException(text), problem, "AcsInvalidTag", ErrorCategory.InvalidArgument, tag);

    /// <summary>The warning about creates that runs left which did not end.</summary>
    public static string DescribeAbandoned(Uri endpoint, int count) =>
        $"{endpoint}: Earlier runs died while {(count == 1 ? "1 create was" : FormattableString.Invariant($"{count:N0} creates were"))} in flight. " +
        "The identities may exist or not, and their ids are not known: Get-AcsIdentity -State Unknown lists the tags.";

    /// <param name="name">The id or tag.</param>
    /// <param name="states">The states that were asked for.</param>
    /// <param name="connection">The connection with the ledger.</param>
    public static ErrorRecord NotRecorded(string name, IdentityState states, AcsConnection connection) => Record(
        text => new InvalidOperationException(text),
        $"{About(name)}{connection.Ledger}: The ledger has no such identity of {connection.Endpoint}" +
        (states == IdentityState.All ? "." : $" in the state {states}. -State All looks for all of them."),
        "AcsIdentityNotRecorded",
        ErrorCategory.ObjectNotFound,
        name);

    /// <summary>Nothing was changed: one of the two tags is wrong, and nothing tells which.</summary>
    /// <param name="id">The identity.</param>
    /// <param name="asked">The tag to import.</param>
    /// <param name="recorded">The tag in the ledger.</param>
    /// <param name="connection">The connection with the ledger.</param>
    public static ErrorRecord TagConflict(string id, string asked, string recorded, AcsConnection connection) => Record(
        text => new InvalidOperationException(text),
        $"{About(IdentityName.Of(id, asked))}{connection.Ledger}: The ledger has this identity with the tag '{recorded}', and keeps it. Correct the input.",
        "AcsTagConflict",
        ErrorCategory.ResourceExists,
        id);
}
