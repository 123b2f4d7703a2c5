using System;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Commands;

/// <summary>What the cmdlets that may take a while have in common: Ctrl+C cancels what they wait for.</summary>
public abstract class AcsCommand : PSCmdlet, IDisposable
{
    private const int TickMilliseconds = 100;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _log = new();

    /// <summary>Cancelled as soon as the pipeline is stopped.</summary>
    private protected CancellationToken StopToken => _stopping.Token;

    /// <summary>Takes the client library's log, for <see cref="WriteLog"/>; null where nobody wants to read it.</summary>
    private protected Action<string>? LogReader => IsWanted("Debug", "DebugPreference") ? _log.Enqueue : null;

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Waits until the work is done, well or not.</summary>
    /// <param name="work">The work.</param>
    /// <param name="meanwhile">What to do on the pipeline's thread again and again until then.</param>
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

    /// <summary>Writes what the client library has logged since the last time.</summary>
    private protected void WriteLog()
    {
        while (_log.TryDequeue(out string? line))
        {
            WriteDebug(line);
        }
    }

    /// <summary>Whether a stream of messages is shown: by a switch of this call, else by the preference variable.</summary>
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

    /// <summary>Releases what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopping.Dispose();
        }
    }
}
