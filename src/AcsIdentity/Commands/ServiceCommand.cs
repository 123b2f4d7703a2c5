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
/// What the cmdlets that call the service have in common: the connection; several calls in flight, whose results are
/// written in the order of the input; errors that leave the rest of the pipeline alone; and a stop that loses nothing.
/// </summary>
/// <typeparam name="TResult">What comes of a call.</typeparam>
public abstract class ServiceCommand<TResult> : AcsCommand
    where TResult : class
{
    private AcsConnection? _connection;
    private CallQueue<TResult>? _calls;
    private CallProgress? _progress;
    private Action<string>? _logReader;

    /// <summary>The connection to use instead of the one that Connect-AcsIdentity made or the environment names.</summary>
    [Parameter]
    [ConnectionTransformation]
    public AcsConnection? Connection { get; set; }

    /// <summary>How many requests may be in flight at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 5;

    /// <summary>How many seconds each object may take, repeats and waiting for the service's quota included.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 120;

    /// <summary>Where the service is.</summary>
    private protected Uri Endpoint => _connection!.Endpoint;

    /// <summary>The service itself.</summary>
    private protected IIdentityService Service => _connection!.Service;

    /// <summary>How long a call may take.</summary>
    private protected TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSec);

    /// <summary>The operation that this cmdlet calls.</summary>
    private protected abstract IdentityOperation Operation { get; }

    /// <summary>What the cmdlet does, for its progress.</summary>
    private protected abstract string Activity { get; }

    /// <summary>How many objects there are to come; null where only the pipeline knows.</summary>
    private protected abstract int? Total { get; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
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

    /// <summary>Calls the service as soon as there is room for another call, and writes what is ready by then.</summary>
    /// <param name="subject">What the call is about, for errors: an id or a tag, never a secret; null for the resource itself.</param>
    /// <param name="call">The call.</param>
    /// <param name="identity">The identity that it is about, where that was created by the same pipeline; else null.</param>
    private protected void Send(string? subject, Func<CancellationToken, Task<TResult>> call, ICreated? identity = null)
    {
        CancellationToken stopping = StopToken;
        Action<string>? logReader = _logReader;
        _calls!.Add(CallAsync, identity);
        // Room for the next one is made now and not then: what ends the pipeline meanwhile finds this one among the calls.
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

    /// <summary>Writes what came of a call. Whatever it writes first is to be given to <see cref="HandOver"/> or, where nobody is to take it, settled.</summary>
    private protected abstract void Write(TResult result);

    /// <summary>Writes a result. From the moment on that the pipeline reads it, it is not this cmdlet's any more.</summary>
    private protected void HandOver(TResult result)
    {
        bool isRead = false;
        try
        {
            WriteObject(WhenRead(), enumerateCollection: true);
        }
        catch (PipelineStoppedException) when (isRead && Stopping)
        {
            // The next command may have done its work on it, or not even have begun; it cannot be asked. Where it ended the
            // pipeline by itself, as Select-Object -First does, it was done.
            if (result is ICreated { CreatedBy: { } run, Id: var id } && run.TryName(id))
            {
                Host.UI.WriteWarningLine(AcsErrors.DescribeStranded(Endpoint, id));
            }

            throw;
        }

        IEnumerable<TResult> WhenRead()
        {
            isRead = true;
            _calls!.RemoveFirst();
            yield return result;
        }
    }

    /// <summary>The result needs nobody to take it.</summary>
    private protected void Settle() => _calls!.RemoveFirst();

    /// <summary>Undoes what came of calls whose results the pipeline can no longer take.</summary>
    /// <returns>What the user has to know of it.</returns>
    private protected virtual IEnumerable<string> TakeBack(IReadOnlyList<TResult> results) => [];

    /// <summary>Whether there is still an identity after the call, however it ended.</summary>
    private protected virtual bool LeavesIdentity(Task<TResult> call) => true;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && _calls is not null)
        {
            // An error upstream ends the pipeline without a word to this cmdlet.
            Abandon();
        }

        base.Dispose(disposing);
    }

    private protected static CommunicationToken TokenFor(string id, IEnumerable<string> scope, IssuedToken issued, bool asPlainText, CreationRun? createdBy = null) =>
        asPlainText
            ? new PlainTextCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, Secret.ToText(issued.Token)) { CreatedBy = createdBy }
            : new SecureCommunicationToken(id, new TokenScope(scope), issued.ExpiresOn, issued.Token) { CreatedBy = createdBy };

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
            // Ctrl+C, Select-Object -First, an error downstream: nobody will ask for the rest.
            Abandon();
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
            Report(failure);
            return;
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        Write(result);
    }

    private void Report(AcsServiceException failure)
    {
        try
        {
            WriteError(AcsErrors.ServiceFailure(failure));
        }
        catch (PipelineStoppedException) when (!Stopping)
        {
            // Nobody stops the pipeline but this error, by -ErrorAction Stop: it has come out, and is not among what got lost.
            _calls!.RemoveFirst();
            throw;
        }

        _calls!.RemoveFirst();
    }

    /// <summary>Ends the calls that are left. What they did is undone where it would be lost, and reported where it cannot be.</summary>
    private void Abandon()
    {
        if (_calls!.Count == 0)
        {
            return;
        }

        StopProcessing();
        IReadOnlyList<CallQueue<TResult>.Call> ended = _calls.Drain();
        TResult[] results = ended.Where(call => call.Result.Status == TaskStatus.RanToCompletion).Select(call => call.Result.Result).ToArray();
        IEnumerable<string> lost = ended
            .Select(call => call.Result.Exception?.InnerException)
            .OfType<AcsServiceException>()
            .Where(failure => failure.Kind == FailureKind.OutcomeUnknown)
            .Select(failure => failure.Message);
        foreach (string message in TakeBack(results).Concat(lost).Concat(DescribeUnfinished(ended)))
        {
            // A stopped pipeline takes no warnings any more, but the host does.
            Host.UI.WriteWarningLine(message);
        }
    }

    /// <summary>The identities of the same pipeline that end with these calls: nobody else has their ids.</summary>
    private IEnumerable<string> DescribeUnfinished(IEnumerable<CallQueue<TResult>.Call> calls)
    {
        string[] ids = calls
            .Where(call => call.Identity is { CreatedBy: { } run, Id: var id } && LeavesIdentity(call.Result) && run.TryName(id))
            .Select(call => call.Identity!.Id)
            .ToArray();
        return ids.Length == 0 ? [] : [AcsErrors.DescribeUnfinished(Endpoint, ids)];
    }
}
