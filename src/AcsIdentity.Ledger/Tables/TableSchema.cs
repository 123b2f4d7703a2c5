using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>The version of the rows in a table. docs/ledger.md describes them.</summary>
internal static class TableSchema
{
    /// <summary>The version of the rows that this module writes. A change of them is a new version.</summary>
    private const int Version = 1;

    private const string VersionProperty = "Version";

    /// <summary>Makes the table if there is none; checks the version of one that is there.</summary>
    /// <exception cref="LedgerException">The table belongs to another program or to a newer version of the module.</exception>
    public static async Task PrepareAsync(LedgerTable table, CancellationToken cancellationToken)
    {
        if (await IsReadyAsync(table, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await table.CreateAsync(cancellationToken).ConfigureAwait(false);
        bool isEmpty = !table.FindPages("", cancellationToken).SelectMany(page => page).Any();
        var row = new TableEntity(RowKey.SchemaPartition, RowKey.Schema) { [VersionProperty] = Version };
        bool isMade = isEmpty && await table.TryChangeAsync([new(TableTransactionActionType.Add, row)]).ConfigureAwait(false);
        // Another process may have been faster, so it looks once more.
        if (!isMade && !await IsReadyAsync(table, cancellationToken).ConfigureAwait(false))
        {
            throw new LedgerException(LedgerFailureKind.Invalid, table.Location, "It is the table of another program, and is left as it is. Name another table.");
        }
    }

    private static async Task<bool> IsReadyAsync(LedgerTable table, CancellationToken cancellationToken)
    {
        TableEntity? row = await table.FindAsync(RowKey.SchemaPartition, RowKey.Schema, cancellationToken).ConfigureAwait(false);
        return row?.GetInt32(VersionProperty) is not { } version ? false
            : version <= Version ? true
            : throw new LedgerException(
                LedgerFailureKind.Invalid,
                table.Location,
                $"A newer version of this module made it: its schema is {version}, and this module knows {Version}. Update the module.");
    }
}
