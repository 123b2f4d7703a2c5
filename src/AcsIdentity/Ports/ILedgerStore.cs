using System.Threading;

namespace AcsIdentity.Ports;

/// <summary>The place of a ledger: a file or a table.</summary>
public interface ILedgerStore
{
    /// <summary>The file or the address of the table.</summary>
    string Location { get; }

    /// <summary>Opens the ledger for one command. Makes the file or the table if there is none.</summary>
    /// <exception cref="LedgerException">There is something else, or it cannot be reached.</exception>
    IIdentityLedger Open(CancellationToken cancellationToken);
}
