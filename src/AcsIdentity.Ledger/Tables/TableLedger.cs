using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>A ledger in a table. Others may use the table at the same time: a row is changed only as it was read.</summary>
internal sealed class TableLedger : IIdentityLedger
{
    private readonly LedgerTable _table;
    private readonly GroupedWrites _writes;
    private readonly IdentityRows _identities;
    private readonly OnlyOneIntents _onlyOnes;
    private readonly TableSearch _search;

    public TableLedger(LedgerTable table)
    {
        _table = table;
        _writes = new GroupedWrites(table);
        _identities = new IdentityRows(table);
        _search = new TableSearch(table);
        _onlyOnes = new OnlyOneIntents(table, _search);
    }

    public string Location => _table.Location;

    public Guid BeginRun() => LedgerRuns.Begin();

    public void EndRun(Guid run) => LedgerRuns.End(run);

    public async Task<int> CloseDeadIntentsAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        int closed = 0;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        foreach (TableEntity row in await _search.FindPendingAsync(endpoint, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_table.Read(row.RowKey, () => IntentRow.IsDead(row, now)))
            {
                row[RowState.Property] = nameof(IdentityState.Unknown);
                // Not marked: the run completed it after all, or another one has marked it.
                bool isMarked = await _table.TryChangeAsync([new(TableTransactionActionType.UpdateReplace, row, row.ETag)]).ConfigureAwait(false);
                closed += isMarked ? 1 : 0;
            }
        }

        return closed;
    }

    public async Task<IntentResult> AddIntentAsync(CreateIntent intent)
    {
        LedgerTag.Require(intent.Tag, Location);
        if (intent.IsOnlyOne)
        {
            return await _onlyOnes.AddAsync(intent).ConfigureAwait(false);
        }

        string key = IntentRow.NewKey();
        await PutAsync(intent, key, IdentityState.Pending).ConfigureAwait(false);
        return new IntentResult.Recorded(key);
    }

    public Task SetCreatedAsync(CreateIntent intent, string key, string id, DateTimeOffset createdOn, RecordedToken? token)
    {
        var row = new IdentityRow(RowKey.Partition(intent.Endpoint), id);
        SetCreated(row);
        TableTransactionAction removal = Remove(intent, key);
        return _writes.AddAsync([.. row.Save(), removal], intent.Tag, WriteAloneAsync);

        void SetCreated(IdentityRow identity) => identity.SetCreated(key, intent.Tag, createdOn, token);

        // The identity may be known, or recorded by a try whose answer was lost; the intent may be gone.
        async Task WriteAloneAsync()
        {
            await _identities.ChangeOrAddAsync(intent.Endpoint, id, SetCreated).ConfigureAwait(false);
            await _table.TryChangeAsync([removal]).ConfigureAwait(false);
        }
    }

    public Task SetUnknownAsync(CreateIntent intent, string key) => PutAsync(intent, key, IdentityState.Unknown);

    public Task RemoveIntentAsync(CreateIntent intent, string key)
    {
        TableTransactionAction removal = Remove(intent, key);
        return _writes.AddAsync([removal], null, () => _table.TryChangeAsync([removal]));
    }

    public async Task AddTokenAsync(Uri endpoint, string id, string? tag, RecordedToken token)
    {
        LedgerTag.Require(tag, Location);
        await _identities.ChangeOrAddAsync(endpoint, id, identity =>
        {
            identity.SetTag(tag);
            identity.AddToken(token);
        }).ConfigureAwait(false);
    }

    public Task SetTokensRevokedAsync(Uri endpoint, string id, DateTimeOffset revokedOn) =>
        _identities.ChangeAsync(endpoint, id, identity => identity.RevokeTokens(revokedOn));

    public Task SetDeletedAsync(Uri endpoint, string id, DateTimeOffset deletedOn) =>
        _identities.ChangeAsync(endpoint, id, identity => identity.Delete(deletedOn));

    public async Task<IdentityRecord> ImportAsync(Uri endpoint, IdentityRecord record)
    {
        LedgerTag.Require(record.Tag, Location);
        return await _identities.ChangeOrAddAsync(endpoint, record.Id!, identity =>
        {
            if (identity.IsNew)
            {
                identity.Import(record);
            }
            else
            {
                identity.SetTag(record.Tag);
            }
        }).ConfigureAwait(false);
    }

    public IEnumerable<IdentityRecord> Find(IdentityQuery query, CancellationToken cancellationToken) => _search.Find(query, cancellationToken);

    /// <summary>The client of the table has nothing to close.</summary>
    public void Dispose()
    {
    }

    private static TableTransactionAction Remove(CreateIntent intent, string key) =>
        new(TableTransactionActionType.Delete, new TableEntity(RowKey.Partition(intent.Endpoint), RowKey.Intent(key)), ETag.All);

    /// <summary>Writes an intent, whether it is there or not: a try whose answer was lost may have written it.</summary>
    private Task PutAsync(CreateIntent intent, string key, IdentityState state)
    {
        TableTransactionAction put = new(TableTransactionActionType.UpsertReplace, IntentRow.Create(intent, key, state));
        return _writes.AddAsync([put], intent.Tag, () => _table.TryChangeAsync([put]));
    }
}
