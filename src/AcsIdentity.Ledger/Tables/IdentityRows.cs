using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>Changes rows of identities. If another process changes a row at the same time, it is read again.</summary>
internal sealed class IdentityRows(LedgerTable table)
{
    private const int MaxTries = 50;
    private const int MaxPauseMs = 100;

    private static readonly Random _random = new();

    /// <summary>Changes an identity; adds it if the ledger does not know it.</summary>
    /// <returns>The identity as it was recorded.</returns>
    public async Task<IdentityRecord> ChangeOrAddAsync(Uri endpoint, string id, Action<IdentityRow> change) =>
        (await ChangeAsync(endpoint, id, change, () => new IdentityRow(RowKey.Partition(endpoint), id)).ConfigureAwait(false))!;

    /// <summary>Changes an identity if the ledger knows it.</summary>
    public Task ChangeAsync(Uri endpoint, string id, Action<IdentityRow> change) => ChangeAsync(endpoint, id, change, () => null);

    private async Task<IdentityRecord?> ChangeAsync(Uri endpoint, string id, Action<IdentityRow> change, Func<IdentityRow?> begin)
    {
        for (int i = 0; i < MaxTries; i++)
        {
            TableEntity? entity = await table.FindAsync(RowKey.Partition(endpoint), RowKey.Identity(id)).ConfigureAwait(false);
            IdentityRow? row = entity is null ? begin() : new IdentityRow(entity);
            if (row is null)
            {
                return null;
            }

            // The row may have the change already: from a try whose answer was lost, or from another process.
            (bool isSaved, IdentityRecord record) = table.Read(RowKey.Identity(id), () =>
            {
                change(row);
                return (row.IsSaved, row.ToRecord());
            });
            if (isSaved || await table.TryChangeAsync(row.Save()).ConfigureAwait(false))
            {
                return record;
            }

            await Task.Delay(Pause()).ConfigureAwait(false);
        }

        throw new LedgerException(LedgerFailureKind.Unavailable, table.Location, $"Other processes keep changing the record of {id}. Try again.");
    }

    [SuppressMessage("Security", "CA5394", Justification = "Lets processes that meet at a row take turns.")]
    private static int Pause()
    {
        lock (_random)
        {
            return _random.Next(MaxPauseMs);
        }
    }
}
