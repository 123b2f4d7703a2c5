using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Commands;

/// <summary>What the cmdlets that may take a while have in common: Ctrl+C cancels what they wait for.</summary>
public abstract class AcsCommand : PSCmdlet, IDisposable
{
    private const int TickMilliseconds = 100;

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled as soon as the pipeline is stopped.</summary>
    private protected CancellationToken StopToken => _stopping.Token;

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
