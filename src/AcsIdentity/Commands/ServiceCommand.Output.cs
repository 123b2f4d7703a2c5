using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Errors;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <content>What becomes of the calls: results to the pipeline, errors, progress, and cleanup after a stop.</content>
public abstract partial class ServiceCommand<TResult>
{
    /// <summary>
    /// Writes the result of one call. Implementations call <see cref="WriteToPipeline"/> for a result that goes to the
    /// pipeline, and <see cref="Complete"/> for one that does not.
    /// </summary>
    private protected abstract void Write(TResult result);

    /// <summary>Writes a result to the pipeline, and removes its call from the queue when the pipeline reads it.</summary>
    private protected void WriteToPipeline(TResult result)
    {
        var output = new PipelineOutput<TResult>(result, () => OnRead(result));
        try
        {
            WriteObject(output.Read(), enumerateCollection: true);
        }
        catch (PipelineStoppedException) when (output.IsRead && Stopping)
        {
            // Nothing tells whether the next command was done with the object. If that command ended the pipeline by
            // itself, as Select-Object -First does, it was done, and Stopping is false.
            if (result is ICreated { CreatedBy: { } run, Id: var id } && run.TryName(id))
            {
                Host.UI.WriteWarningLine(AcsErrors.DescribeInterrupted(Endpoint, id));
            }

            throw;
        }
    }

    /// <summary>Called when the pipeline reads a result: from then on it belongs to the pipeline.</summary>
    private protected virtual void OnRead(TResult result) => _calls!.RemoveFirst();

    /// <summary>Removes the first call from the queue without writing its result.</summary>
    private protected void Complete() => _calls!.RemoveFirst();

    /// <summary>Undoes calls whose results the pipeline can no longer take.</summary>
    /// <returns>Warnings about results that could not be undone.</returns>
    private protected virtual IEnumerable<string> CleanUp(IReadOnlyList<TResult> results) => [];

    /// <summary>The newest error of the session.</summary>
    private object? LastError => _errors is { Count: > 0 } ? _errors[0] : null;

    /// <summary>Whether a command that asked for no more objects, such as Select-Object -First, ended the pipeline.</summary>
    private protected bool IsEndedByChoice { get; private set; }

    /// <summary>Tells whether the identity still exists after a call, in success or failure.</summary>
    private protected virtual bool LeavesIdentity(Task<TResult> call) => true;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _calls is not null)
        {
            // After an error upstream PowerShell calls neither EndProcessing nor StopProcessing.
            DiscardCalls();
        }

        if (disposing)
        {
            _recorder?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void WriteFirst()
    {
        object? lastError = LastError;
        try
        {
            WaitForFirst();
            WriteLog();
            WriteOutcome(_calls!.First.Result);
        }
        catch (Exception end)
        {
            // Ctrl+C, Select-Object -First, or an error downstream: the pipeline takes no more results.
            // Select-Object -First looks like an error of a later command, except that nearly every error is in $Error by now.
            IsEndedByChoice = end is PipelineStoppedException && !Stopping && !_isEndedByOwnError && ReferenceEquals(LastError, lastError);
            DiscardCalls();
            throw;
        }

        _done++;
    }

    private void WaitForFirst()
    {
        for (ShowProgress(); !_calls!.WaitForFirst(TickMilliseconds); ShowProgress())
        {
            if (StopToken.IsCancellationRequested)
            {
                throw new PipelineStoppedException();
            }
        }
    }

    private void ShowProgress()
    {
        _progress?.Show(_done, () => Service.QuotaWait(Operation));
        WriteLog();
    }

    private void WriteOutcome(Task<TResult> call)
    {
        TResult result;
        try
        {
            result = call.GetAwaiter().GetResult();
        }
        catch (AcsServiceException failure)
        {
            WriteFailure(failure);
            return;
        }
        catch (LedgerException failure)
        {
            // Nothing more is done that cannot be recorded.
            ThrowTerminatingError(AcsErrors.LedgerFailed(failure, _done));
            throw;
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        _failures!.Reset();
        Write(result);
    }

    private void WriteFailure(AcsServiceException failure)
    {
        try
        {
            WriteError(AcsErrors.ServiceFailure(failure));
        }
        catch (PipelineStoppedException) when (!Stopping)
        {
            // This error itself ends the pipeline, by -ErrorAction Stop. The user sees it, so no warning repeats it.
            _isEndedByOwnError = true;
            if (_calls!.First.Identity?.CreatedBy is { } run)
            {
                run.Break();
            }

            Complete();
            throw;
        }

        Complete();
        if (_failures!.Add(failure.Kind) && (_calls!.Count > 0 || !_isInputRead))
        {
            ThrowTerminatingError(AcsErrors.TooManyFailures(failure, FailureLimit, Total - _done - 1));
        }
    }

    /// <summary>Cancels the calls in the queue, cleans up after them, and warns about what could not be cleaned up.</summary>
    private void DiscardCalls()
    {
        if (_calls!.Count == 0)
        {
            return;
        }

        StopProcessing();
        var discarded = new DiscardedCalls<TResult>(_calls.Drain());
        foreach (CreationRun run in IsEndedByChoice ? [] : discarded.BrokenRuns)
        {
            run.Break();
        }

        IEnumerable<string> warnings = CleanUp(discarded.Results)
            .Concat(discarded.UnknownOutcomes.Select(failure => failure.Message))
            .Concat(AcsErrors.DescribeLeftBehind(Endpoint, discarded.UnrecordedIds))
            .Concat(AcsErrors.DescribeUnfinished(Endpoint, discarded.NameUnfinished(LeavesIdentity)));
        foreach (string warning in warnings)
        {
            // A stopped pipeline takes no warnings; the host does.
            Host.UI.WriteWarningLine(warning);
        }
    }
}
