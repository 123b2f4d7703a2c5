using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text;
using AcsIdentity.Models;
using AcsIdentity.Ports;
using AcsIdentity.Shared;

namespace AcsIdentity.Errors;

/// <summary>Every error this module reports: its stable id, its category and its message.</summary>
internal static partial class AcsErrors
{
    /// <summary>A call to the service that failed.</summary>
    public static ErrorRecord ServiceFailure(AcsServiceException failure)
    {
        (string id, ErrorCategory category) = failure.Kind switch
        {
            FailureKind.IdentityNotFound => ("AcsIdentityNotFound", ErrorCategory.ObjectNotFound),
            FailureKind.AssignmentNotFound => ("AcsAssignmentNotFound", ErrorCategory.ObjectNotFound),
            FailureKind.Authentication => ("AcsAuthenticationFailed", ErrorCategory.AuthenticationError),
            FailureKind.SignIn => ("AcsSignInFailed", ErrorCategory.AuthenticationError),
            FailureKind.PermissionDenied => ("AcsPermissionDenied", ErrorCategory.PermissionDenied),
            FailureKind.InvalidRequest => ("AcsInvalidRequest", ErrorCategory.InvalidArgument),
            FailureKind.Throttled => ("AcsThrottled", ErrorCategory.LimitsExceeded),
            FailureKind.Timeout => ("AcsTimeout", ErrorCategory.OperationTimeout),
            FailureKind.Connection => ("AcsConnectionFailed", ErrorCategory.ConnectionError),
            FailureKind.OutcomeUnknown => ("AcsCreateOutcomeUnknown", ErrorCategory.InvalidResult),
            FailureKind.TagInUse => ("AcsTagInUse", ErrorCategory.ResourceBusy),
            _ => ("AcsServiceFailed", ErrorCategory.InvalidResult),
        };
        return Record(failure, id, category, failure.Subject ?? (object)failure.Endpoint);
    }

    /// <summary>Ends a command whose calls keep failing.</summary>
    /// <param name="last">The last failure.</param>
    /// <param name="count">How many calls in a row have failed.</param>
    /// <param name="left">How many objects are left; null if only the pipeline knows.</param>
    public static ErrorRecord TooManyFailures(AcsServiceException last, int count, int? left)
    {
        string? name = IdentityName.Of(last.Subject, last.Tag);
        string rest = left is { } known ? FormattableString.Invariant($"{known:N0} objects were not processed.")
            : name is null ? "The rest of the input was not processed."
            : $"Nothing that follows '{name}' in the input was processed.";
        return Record(
            text => new InvalidOperationException(text, last),
            FormattableString.Invariant($"{last.Endpoint}: {count:N0} calls in a row have failed, and the cause does not pass by itself, so the command ended. {rest} ") +
            "Remove the cause, or set -FailureLimit (0 for no limit).",
            "AcsTooManyFailures",
            ErrorCategory.OperationStopped,
            last.Subject ?? (object)last.Endpoint);
    }

    /// <summary>The message of a failed call: subject, endpoint, what failed and why, the facts that support asks for, and what to do.</summary>
    public static string Describe(AcsServiceException failure)
    {
        string what = failure.Kind switch
        {
            FailureKind.IdentityNotFound => "The identity does not belong to this resource, or has been deleted.",
            FailureKind.AssignmentNotFound => "It has no Teams Phone access to this resource.",
            FailureKind.Authentication => "The service did not accept the credential.",
            FailureKind.SignIn => $"Signing in with the {failure.Credential?.Name} failed.",
            FailureKind.PermissionDenied => "The credential is not allowed to do this on this resource.",
            FailureKind.InvalidRequest => "The service refused the request.",
            FailureKind.Throttled => "The resource's quota is used up.",
            FailureKind.Timeout => "The service did not answer in time.",
            FailureKind.Connection => "The endpoint cannot be reached, or the connection was lost.",
            FailureKind.OutcomeUnknown => $"The identity may exist or not: a create was sent at {failure.SentAt?.UtcDateTime:u}, and no valid answer came.",
            FailureKind.TagInUse => "Another run was creating the identity with this tag all the time, so nothing was sent.",
            _ => "The service failed.",
        };
        string? hint = failure.Kind switch
        {
            FailureKind.Authentication => "Check that the credential is current, and that the key belongs to this resource or the identity has a role on it.",
            FailureKind.SignIn => failure.Credential?.Advice,
            FailureKind.OutcomeUnknown =>
                "The create was not sent again, because that might create a second identity. If the first one exists, it cannot be found or used, and it costs nothing. Create another one.",
            FailureKind.TagInUse => "Try again: an identity that the other run has created by then is used.",
            _ => null,
        };
        // Leaves out a reason of the service that says the same again.
        string reason = failure.Kind is FailureKind.IdentityNotFound or FailureKind.AssignmentNotFound || failure.Reason == what ? "" : AsSentence(failure.Reason);
        string parts = string.Join(" ", new[] { what, reason, DescribeFacts(failure), hint }.Where(part => !string.IsNullOrEmpty(part)));
        return VisibleText.Of($"{About(IdentityName.Of(failure.Subject, failure.Tag))}{failure.Endpoint}: {parts}");
    }

    /// <summary>The facts that support asks for, in parentheses. Empty if there are none.</summary>
    private static string DescribeFacts(AcsServiceException failure)
    {
        var facts = new StringBuilder();
        void Fact(string? value, string label = "")
        {
            if (value is not null)
            {
                facts.Append(facts.Length == 0 ? "" : ", ").Append(label).Append(value);
            }
        }

        Fact(failure.Status?.ToString(CultureInfo.InvariantCulture), "HTTP ");
        Fact(failure.ServiceCode);
        Fact(failure.RetryAfter?.TotalSeconds.ToString("0.#' s'", CultureInfo.InvariantCulture), "retry after ");
        Fact(failure.RequestId, "request id ");
        return facts.Length == 0 ? "" : $"({facts})";
    }

    /// <summary>The warning about identities that a stopped pipeline could not write, and could not delete. Empty if there are none.</summary>
    public static IEnumerable<string> DescribeLeftBehind(Uri endpoint, IReadOnlyCollection<string> ids) => ids.Count == 0 ? [] :
        [VisibleText.Of($"{endpoint}: The pipeline ended before these {ids.Count} identities were written, and they could not be deleted: {string.Join(", ", ids)}")];

    /// <summary>The warning about identities that were written before the pipeline ended early.</summary>
    public static string DescribeWritten(Uri endpoint, int count) =>
        $"{endpoint}: The pipeline ended early. {(count == 1 ? "1 identity was" : FormattableString.Invariant($"{count:N0} identities were"))} written before. " +
        "If a variable was to take the output, it was not set: Get-AcsIdentity -LastRun writes them again" +
        (count > Calls.RecentIdentities.Capacity ? FormattableString.Invariant($", the last {Calls.RecentIdentities.Capacity:N0} of them.") : ".");

    /// <summary>The warning about identities that the pipeline created and did not finish processing. Empty if there are none.</summary>
    public static IEnumerable<string> DescribeUnfinished(Uri endpoint, IReadOnlyCollection<string> ids) => ids.Count == 0 ? [] :
        [VisibleText.Of($"{endpoint}: The pipeline created these {ids.Count} identities and ended before it was done with them: {string.Join(", ", ids)}")];

    /// <summary>The warning about the identity that the next command was processing when the pipeline was stopped.</summary>
    public static string DescribeInterrupted(Uri endpoint, string id) =>
        VisibleText.Of($"{endpoint}: The pipeline was stopped while the next command was processing this identity: {id}");

    /// <summary>The warning about a secret that was typed as text.</summary>
    public static string DescribeTypedSecret() =>
        "You typed a key or token as text, and the console keeps it in its history: (Get-PSReadLineOption).HistorySavePath. " +
        $"Use Get-Secret, Read-Host -AsSecureString or, for a connection string, the environment variable {Connections.EnvironmentConnection.VariableNames[0]}.";

    public static ErrorRecord NoConnection() => Record(
        text => new InvalidOperationException(text),
        "There is no connection to a Communication Services resource. Run Connect-AcsIdentity with a connection string, or with -Emulator to try things out; " +
        $"or set the environment variable {Connections.EnvironmentConnection.VariableNames[0]}.",
        "AcsNotConnected",
        ErrorCategory.ConnectionError,
        targetObject: null);

    /// <param name="names">The names of the connections of this session.</param>
    public static ErrorRecord NoSuchConnection(ICollection<string> names) =>
        Record(text => new InvalidOperationException(text), DescribeNoSuchConnection(names), "AcsNotConnected", ErrorCategory.ConnectionError, targetObject: null);

    /// <summary>Does not quote the name that was not found: it may be a key.</summary>
    public static string DescribeNoSuchConnection(ICollection<string> names) =>
        "This session has no connection of that name. " +
        (names.Count == 0 ? "It has no named connections. " : $"Named connections: {string.Join(", ", names)}. ") +
        "Connect-AcsIdentity -Name adds one.";

    /// <param name="problem">Which part is wrong, without its value: the value may be the key.</param>
    /// <param name="source">Where the connection string or key came from: a parameter or an environment variable.</param>
    public static ErrorRecord InvalidConnection(string problem, string source) =>
        Record(text => new ArgumentException(text), $"{source}: {problem}", "AcsInvalidConnection", ErrorCategory.InvalidArgument, source);

    /// <summary>The identity was created, and is written to the pipeline.</summary>
    public static ErrorRecord TokenMissing(string id, Uri endpoint) => Record(
        text => new InvalidOperationException(text),
        $"{endpoint}: The identity {id} was created, but the service sent no valid token with it. Use Get-AcsToken to issue one.",
        "AcsTokenMissing",
        ErrorCategory.InvalidResult,
        id);

    /// <param name="problem">What is wrong with the id.</param>
    /// <param name="tag">The tag of the input; null if it has none.</param>
    /// <param name="input">The input, shortened if it may be a secret.</param>
    public static ErrorRecord InvalidIdentity(string problem, string? tag, object? input) =>
        Record(text => new ArgumentException(text), About(tag) + problem, "AcsInvalidIdentity", ErrorCategory.InvalidArgument, input);

    /// <summary>Has PowerShell's own id for a piped object that no parameter takes.</summary>
    /// <param name="tag">The value of -Tag.</param>
    /// <param name="row">The piped object.</param>
    public static ErrorRecord TagForAllRows(string? tag, object? row) => Record(
        text => new ArgumentException(text),
        $"-Tag '{tag}' would be the tag of every piped object. Pipe the tags, or name a property of the piped objects: -Tag {{ $_.Upn }}. " +
        "For several identities with one tag, use -Count.",
        "InputObjectNotBound",
        ErrorCategory.InvalidArgument,
        row);

    /// <param name="column">The column, named like a parameter.</param>
    /// <param name="tag">The tag of the row; null if it has none.</param>
    /// <param name="row">The row.</param>
    public static ErrorRecord UnreadColumn(string column, string? tag, object row) => Record(
        text => new ArgumentException(text),
        $"{About(tag)}The input has a column {column}, which this command does not read. " +
        $"Use -{column}, which holds for all rows, or leave the column out: Select-Object * -ExcludeProperty {column}.",
        "AcsUnreadColumn",
        ErrorCategory.InvalidArgument,
        row);

    /// <summary>Has no TargetObject: the input may be a token.</summary>
    /// <param name="problem">What is wrong with the token.</param>
    /// <param name="name">The id or tag of the input; null if it has neither.</param>
    public static ErrorRecord InvalidToken(string problem, string? name) =>
        Record(text => new FormatException(text), About(name) + problem, "AcsInvalidToken", ErrorCategory.InvalidData, targetObject: null);

    /// <summary>An empty list must not become an access without a list.</summary>
    public static ErrorRecord NoClientId() => Record(
        text => new ArgumentException(text),
        "-ClientId has no client id. Name at least one, or leave out -ClientId for an assignment without a list of applications.",
        "AcsNoClientId",
        ErrorCategory.InvalidArgument,
        targetObject: null);

    /// <summary>An Entra token is sent over TLS only.</summary>
    public static ErrorRecord TokenNeedsHttps(Uri endpoint) => Record(
        text => new InvalidOperationException(text),
        $"{endpoint}: The token of a Teams Phone user is sent over https only. For tests, connect to the https endpoint of the emulator program.",
        "AcsInvalidConnection",
        ErrorCategory.InvalidArgument,
        endpoint);

    public static ErrorRecord EmulatorNotStarted(Exception reason, int port) => Record(
        text => new InvalidOperationException(text, reason),
        $"The emulator cannot listen on port {port}: {reason.Message}",
        "AcsEmulatorNotStarted",
        ErrorCategory.ResourceUnavailable,
        port);

    public static ErrorRecord NoEmulator() => Record(
        text => new InvalidOperationException(text),
        "No emulator runs in this process, and only the emulator can check a token: the service has no call for it. Run Start-AcsEmulator or Connect-AcsIdentity -Emulator. " +
        "ConvertFrom-AcsToken reads the claims of any token.",
        "AcsNoEmulator",
        ErrorCategory.ResourceUnavailable,
        targetObject: null);

    /// <param name="problem">Which value is wrong, and what would be right.</param>
    /// <param name="parameter">The parameter with the value.</param>
    public static ErrorRecord InvalidEmulatorOption(string problem, string parameter) =>
        Record(text => new ArgumentException(text), $"-{parameter}: {problem}", "AcsInvalidEmulatorOption", ErrorCategory.InvalidArgument, parameter);

    /// <param name="number">The number, as it was written.</param>
    public static ErrorRecord AmbiguousNumber(string number) => Record(
        text => new ArgumentException(text),
        $"{number} may be a tag or the number of identities. For {number} identities: New-AcsIdentity -Count {number}. For one with this tag: New-AcsIdentity -Tag {number}.",
        "AcsAmbiguousNumber",
        ErrorCategory.InvalidArgument,
        number);

    /// <param name="running">The emulator.</param>
    /// <param name="difference">The setting that differs.</param>
    public static ErrorRecord EmulatorRunsOtherwise(AcsEmulator running, string difference) => Record(
        text => new InvalidOperationException(text),
        $"The emulator of this process already runs at {running.Endpoint} with another {difference}. Run Stop-AcsEmulator before you start it again.",
        "AcsEmulatorRunning",
        ErrorCategory.ResourceExists,
        running);

    /// <summary>Makes a record. Its text is visible, because parts of it come from outside; its objects are as they came.</summary>
    private static ErrorRecord Record(Func<string, Exception> exception, string text, string id, ErrorCategory category, object? targetObject) =>
        Record(exception(VisibleText.Of(text)), id, category, targetObject);

    private static ErrorRecord Record(Exception exception, string id, ErrorCategory category, object? targetObject)
    {
        var record = new ErrorRecord(exception, id, category, targetObject);
        // The views of Windows PowerShell print the name of the target below the message.
        record.CategoryInfo.TargetName = VisibleText.Of(record.CategoryInfo.TargetName ?? "");
        return record;
    }

    /// <summary>Ends a reason with a full stop; messages of the network have none.</summary>
    private static string AsSentence(string reason) => reason.Length > 0 && char.IsLetterOrDigit(reason[reason.Length - 1]) ? reason + "." : reason;

    /// <summary>Puts the subject first, because a line in a log shows no TargetObject.</summary>
    private static string About(string? name) => name is null ? "" : $"'{name}': ";
}
