using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>
/// Intents of an identity that shall be the only one with its tag. A tag has one claim, a row that names the last such intent.
/// Only one of several processes can write it. It holds as long as that intent is pending; after that, what counts is
/// whether there is an identity. So a claim is never given back, and one that is left over does no harm.
/// </summary>
internal sealed class OnlyOneIntents(LedgerTable table, TableSearch search)
{
    private const string IntentProperty = "Intent";
    private const int MaxTries = 50;

    public async Task<IntentResult> AddAsync(CreateIntent intent)
    {
        string partition = RowKey.Partition(intent.Endpoint);
        string key = IntentRow.NewKey();
        for (int i = 0; i < MaxTries; i++)
        {
            // In this order: if the holder has just created the identity, it is found.
            TableEntity? claim = await table.FindAsync(partition, RowKey.Claim(intent.Tag!)).ConfigureAwait(false);
            if (claim?.GetString(IntentProperty) == key)
            {
                // A try succeeded whose answer was lost.
                return new IntentResult.Recorded(key);
            }

            TableEntity? holder = claim is null ? null : await table.FindAsync(partition, RowKey.Intent(claim.GetString(IntentProperty))).ConfigureAwait(false);
            if (await FindOldestAsync(intent).ConfigureAwait(false) is { } identity)
            {
                return new IntentResult.Exists(identity);
            }

            if (holder is not null && table.Read(holder.RowKey, () => RowState.Read(holder)) == IdentityState.Pending)
            {
                return new IntentResult.InProgress(IntentRow.ToRecord(holder).CreatedBy!);
            }

            TableTransactionAction[] changes =
            [
                new(TableTransactionActionType.Add, IntentRow.Create(intent, key, IdentityState.Pending)),
                Claim(partition, intent.Tag!, key, claim),
            ];
            if (await table.TryChangeAsync(changes).ConfigureAwait(false))
            {
                return new IntentResult.Recorded(key);
            }
        }

        throw new LedgerException(LedgerFailureKind.Unavailable, table.Location, $"Other processes keep asking for the identity with the tag '{intent.Tag}'. Try again.");
    }

    private static TableTransactionAction Claim(string partition, string tag, string key, TableEntity? claim)
    {
        var row = new TableEntity(partition, RowKey.Claim(tag)) { [IntentProperty] = key };
        return claim is null
            ? new TableTransactionAction(TableTransactionActionType.Add, row)
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, claim.ETag);
    }

    /// <summary>Finds the oldest active identity with the tag. Those of other programs count as older.</summary>
    private async Task<IdentityRecord?> FindOldestAsync(CreateIntent intent)
    {
        var query = new IdentityQuery(intent.Endpoint) { Tag = intent.Tag };
        IEnumerable<IdentityRecord> identities = await search.FindByTagAsync(query).ConfigureAwait(false);
        return identities.OrderBy(identity => identity.CreatedOn).FirstOrDefault();
    }
}
