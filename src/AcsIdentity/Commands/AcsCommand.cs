using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Errors;
using AcsIdentity.Parameters;
using AcsIdentity.Ports;
using AcsIdentity.Shared;

namespace AcsIdentity.Commands;

/// <summary>The base of cmdlets that may take long. Ctrl+C cancels the work that they wait for.</summary>
public abstract class AcsCommand : PSCmdlet, IDisposable
{
    /// <summary>How often a cmdlet that waits looks after the streams.</summary>
    private protected const int TickMilliseconds = 100;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentQueue<string> _notices = new();

    /// <summary>Cancelled when the pipeline is stopped.</summary>
    private protected CancellationToken StopToken => _stopping.Token;

    /// <summary>Collects lines of the client library's log for <see cref="WriteLog"/>; null if the debug stream is not shown.</summary>
    private protected Action<string>? LogReader => IsWanted("Debug", "DebugPreference") ? _log.Enqueue : null;

    /// <summary>Collects notices, such as those of retries, for <see cref="WriteLog"/>; null if the verbose stream is not shown.</summary>
    private protected Action<string>? NoticeReader => IsWanted("Verbose", "VerbosePreference") ? _notices.Enqueue : null;

    /// <inheritdoc/>
    protected override void BeginProcessing() => TypedSecret.Warn(this);

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Waits until the work has ended, in success or failure.</summary>
    /// <param name="work">The work.</param>
    /// <param name="meanwhile">Called on the pipeline thread about ten times a second meanwhile.</param>
    /// <exception cref="PipelineStoppedException">The pipeline is stopped.</exception>
    private protected void WaitFor(Task work, Action meanwhile)
    {
        try
        {
            do
            {
                meanwhile();
            }
            while (!work.IsCompleted && Task.WaitAny([work], TickMilliseconds, StopToken) < 0);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Opens a ledger. Its failure ends the command. A stop does not wait: the ledger is closed as soon as it is open.</summary>
    private protected IIdentityLedger OpenLedger(ILedgerStore store)
    {
        CancellationToken stopping = StopToken;
        Task<IIdentityLedger> opening = Task.Run(() => store.Open(stopping), stopping);
        try
        {
            WaitFor(opening, WriteLog);
        }
        catch (PipelineStoppedException)
        {
            opening.ContinueWith(
                opened => opened.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }

        return UseLedger(opening.GetAwaiter().GetResult);
    }

    /// <summary>Uses the ledger on the pipeline thread. Its failure ends the command.</summary>
    private protected T UseLedger<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (LedgerException failure)
        {
            ThrowTerminatingError(AcsErrors.LedgerFailed(failure));
            throw;
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    // Texts of these methods have parts from outside: ids, tags, reasons. They hide PowerShell's own, so that no cmdlet forgets it.

    private protected new void WriteVerbose(string text) => base.WriteVerbose(VisibleText.Of(text));

    private protected new void WriteWarning(string text) => base.WriteWarning(VisibleText.Of(text));

    private protected new bool ShouldProcess(string target, string action) => base.ShouldProcess(VisibleText.Of(target), action);

    /// <summary>Writes new notices to the verbose stream, and new lines of the client library's log to the debug stream.</summary>
    private protected void WriteLog()
    {
        while (_notices.TryDequeue(out string? notice))
        {
            WriteVerbose(notice);
        }

        while (_log.TryDequeue(out string? line))
        {
            // The line breaks are the client library's own: it writes one header a line.
            WriteDebug(string.Join(Environment.NewLine, line.Split(["\r\n", "\n"], StringSplitOptions.None).Select(VisibleText.Of)));
        }
    }

    /// <summary>Tells whether a stream is shown: the common parameter decides, else the preference variable.</summary>
    private protected bool IsWanted(string parameter, string preference) =>
        MyInvocation.BoundParameters.TryGetValue(parameter, out object? asked)
            ? LanguagePrimitives.IsTrue(asked)
            : LanguagePrimitives.TryConvertTo(GetVariableValue(preference), out ActionPreference preferred)
                && preferred is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the resources of the cmdlet.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopping.Dispose();
        }
    }
}
