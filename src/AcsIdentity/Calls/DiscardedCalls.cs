using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using AcsIdentity.Ports;

namespace AcsIdentity.Calls;

/// <summary>Calls whose results the pipeline can no longer take, because it was stopped. All of them have ended.</summary>
internal sealed class DiscardedCalls<TResult>(IReadOnlyList<PendingCall<TResult>> calls)
{
    /// <summary>The results of the calls that succeeded: what to clean up.</summary>
    public IReadOnlyList<TResult> Results { get; } = calls
        .Where(call => call.Result.Status == TaskStatus.RanToCompletion)
        .Select(call => call.Result.Result)
        .ToArray();

    /// <summary>The failures of creates that may have been carried out.</summary>
    public IReadOnlyList<AcsServiceException> UnknownOutcomes { get; } = Failures(calls)
        .OfType<AcsServiceException>()
        .Where(failure => failure.Kind == FailureKind.OutcomeUnknown)
        .ToArray();

    /// <summary>The identities that could neither be recorded in the ledger nor deleted again.</summary>
    public IReadOnlyList<string> UnrecordedIds { get; } = Failures(calls)
        .OfType<LedgerException>()
        .Select(failure => failure.UnrecordedId)
        .OfType<string>()
        .ToArray();

    /// <summary>The runs of New-AcsIdentity in the same pipeline whose identities these calls act on.</summary>
    public IEnumerable<CreationRun> BrokenRuns => calls.Select(call => call.Identity?.CreatedBy).OfType<CreationRun>().Distinct();

    /// <summary>Names the identities that the same pipeline created and that still exist: nothing else knows their ids. Names each once.</summary>
    /// <param name="leavesIdentity">Tells whether the identity still exists after a call.</param>
    public IReadOnlyList<string> NameUnfinished(Func<Task<TResult>, bool> leavesIdentity) => calls
        .Where(call => call.Identity is { CreatedBy: { } run, Id: var id } && leavesIdentity(call.Result) && run.TryName(id))
        .Select(call => call.Identity!.Id)
        .ToArray();

    private static IEnumerable<Exception?> Failures(IEnumerable<PendingCall<TResult>> calls) => calls.Select(call => call.Result.Exception?.InnerException);
}
