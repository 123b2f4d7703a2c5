using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Connections;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>
/// The base of the cmdlets that call the service. Several calls are in flight; results are written in the order of the
/// input. A failed call is one error, and the pipeline goes on. A stop cleans up the results that it discards.
/// </summary>
/// <typeparam name="TResult">The result of one call.</typeparam>
public abstract class ServiceCommand<TResult> : AcsCommand
    where TResult : class
{
    private AcsConnection? _connection;
    private CallQueue<TResult>? _calls;
    private CallProgress? _progress;
    private Action<string>? _logReader;

    /// <summary>
    /// The connection to use instead of the one that Connect-AcsIdentity made or the environment names: an object, the name of
    /// one, a connection string as text or SecureString, or the emulator.
    /// </summary>
    [Parameter]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public AcsConnection? Connection { get; set; }

    /// <summary>How many requests may be in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    /// <summary>How many seconds each object may take, including retries and the wait for the service's quota.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 120;

    /// <summary>The address of the resource.</summary>
    private protected Uri Endpoint => _connection!.Endpoint;

    /// <summary>The service behind the connection.</summary>
    private protected IIdentityService Service => _connection!.Service;

    /// <summary>How long a call may take.</summary>
    private protected TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSec);

    /// <summary>The operation that this cmdlet calls.</summary>
    private protected abstract IdentityOperation Operation { get; }

    /// <summary>What the cmdlet does, for its progress.</summary>
    private protected abstract string Activity { get; }

    /// <summary>The number of objects to process; null if only the pipeline knows.</summary>
    private protected abstract int? Total { get; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _connection = Connection ?? SessionConnection.Find(this);
        if (_connection is null)
        {
            ThrowTerminatingError(AcsErrors.NoConnection());
        }

        _calls = new CallQueue<TResult>(ThrottleLimit);
        _logReader = LogReader;
        _progress = IsWanted("ProgressAction", "ProgressPreference") ? new CallProgress(this, Activity, Total) : null;
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        while (_calls!.Count > 0)
        {
            WriteFirst();
        }

        _progress?.Complete();
    }

    /// <summary>Queues a call, and writes the results that are ready.</summary>
    /// <param name="subject">What the call is about, for errors: an id or a tag, never a secret; null for the resource itself.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="identity">The identity that it acts on, if the same pipeline created that identity; else null.</param>
    private protected void Send(string? subject, Func<CancellationToken, Task<TResult>> call, ICreated? identity = null)
    {
        CancellationToken stopping = StopToken;
        Action<string>? logReader = _logReader;
        _calls!.Add(CallAsync, identity);
        // Makes room after adding, not before: if writing ends the pipeline, this call is in the queue and is cleaned up.
        while (_calls.IsFull || _calls.HasResult)
        {
            WriteFirst();
        }

        async Task<TResult> CallAsync()
        {
            Service.LogTo(logReader);
            try
            {
                return await call(stopping).ConfigureAwait(false);
            }
            catch (AcsServiceException failure)
            {
                failure.Subject = subject;
                throw;
            }
        }
    }

    /// <summary>
    /// Writes the result of one call. Implementations call <see cref="WriteToPipeline"/> for a result that goes to the
    /// pipeline, and <see cref="Complete"/> for one that does not.
    /// </summary>
    private protected abstract void Write(TResult result);

    /// <summary>Writes a result to the pipeline, and removes its call from the queue when the pipeline reads it.</summary>
    private protected void WriteToPipeline(TResult result)
    {
        var output = new PipelineOutput<TResult>(result, _calls!.RemoveFirst);
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

    /// <summary>Removes the first call from the queue without writing its result.</summary>
    private protected void Complete() => _calls!.RemoveFirst();

    /// <summary>Undoes calls whose results the pipeline can no longer take.</summary>
    /// <returns>Warnings about results that could not be undone.</returns>
    private protected virtual IEnumerable<string> CleanUp(IReadOnlyList<TResult> results) => [];

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

        base.Dispose(disposing);
    }

    private void WriteFirst()
    {
        try
        {
            Task<TResult> first = _calls!.First.Result;
            WaitFor(first, ShowProgress);
            WriteLog();
            WriteOutcome(first);
        }
        catch
        {
            // Ctrl+C, Select-Object -First, or an error downstream: the pipeline takes no more results.
            DiscardCalls();
            throw;
        }

        _progress?.Count();
    }

    private void ShowProgress()
    {
        _progress?.Show(() => Service.QuotaWait(Operation));
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
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

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
            Complete();
            throw;
        }

        Complete();
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
        IEnumerable<string> warnings = CleanUp(discarded.Results)
            .Concat(discarded.UnknownOutcomes.Select(failure => failure.Message))
            .Concat(AcsErrors.DescribeUnfinished(Endpoint, discarded.NameUnfinished(LeavesIdentity)));
        foreach (string warning in warnings)
        {
            // A stopped pipeline takes no warnings; the host does.
            Host.UI.WriteWarningLine(warning);
        }
    }
}
