using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Threading.Tasks;
using AcsIdentity.Errors;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Parameters.Completion;
using AcsIdentity.Ports;

namespace AcsIdentity.Commands;

/// <summary>The base of the cmdlets that work on the ledger and do not call the service.</summary>
public abstract class LedgerCommand : AcsCommand
{
    private IIdentityLedger? _ledger;

    /// <summary>The connection to the resource, instead of the session's: as in the other cmdlets.</summary>
    [Parameter]
    [ConnectionTransformation]
    [ArgumentCompleter(typeof(ConnectionNameCompleter))]
    public AcsConnection? Connection { get; set; }

    /// <summary>The ledger of the connection. Only after <see cref="OpenLedger"/>.</summary>
    private protected IIdentityLedger Ledger => _ledger!;

    /// <summary>Opens the ledger. Without a connection or a ledger, ends the command.</summary>
    private protected void OpenLedger([NotNull] AcsConnection? connection)
    {
        if (connection is null)
        {
            ThrowTerminatingError(AcsErrors.NoConnection());
        }

        if (connection!.LedgerStore is not { } store)
        {
            ThrowTerminatingError(AcsErrors.NoLedger());
            throw new PipelineStoppedException();
        }

        _ledger = OpenLedger(store);
    }

    /// <summary>Waits for the ledger. Its failure ends the command.</summary>
    private protected T Await<T>(Task<T> work)
    {
        if (!work.IsCompleted)
        {
            WaitFor(work, WriteLog);
        }

        return UseLedger(work.GetAwaiter().GetResult);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ledger?.Dispose();
        }

        base.Dispose(disposing);
    }
}
