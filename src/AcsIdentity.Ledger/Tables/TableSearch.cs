using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>Searches of records. The row of an id is read by its key, and those of a tag too.</summary>
internal sealed class TableSearch(LedgerTable table)
{
    private const int ReadsAtOnce = 16;

    /// <summary>The filter is a part of the address, whose length is limited.</summary>
    private const int LongestFilter = 100;

    public IEnumerable<IdentityRecord> Find(IdentityQuery query, CancellationToken cancellationToken) => query switch
    {
        { Id: { } id } => FindById(query, id, cancellationToken),
        { Tag: { } tag } => FindByTag(query, tag, cancellationToken).Concat(FindIntents(query, cancellationToken)),
        _ => FindInRange(query, cancellationToken).Concat(FindIntents(query, cancellationToken)),
    };

    /// <summary>Finds identities by a tag.</summary>
    public async Task<IEnumerable<IdentityRecord>> FindByTagAsync(IdentityQuery query)
    {
        string partition = RowKey.Partition(query.Endpoint);
        IReadOnlyList<TableEntity> index = await table.FindAllAsync(FilterByKey(partition, RowKey.TagPrefix(query.Tag!))).ConfigureAwait(false);
        return await ReadAsync(query, index, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Finds the intents that have neither a result nor an unknown outcome.</summary>
    public Task<IReadOnlyList<TableEntity>> FindPendingAsync(Uri endpoint, CancellationToken cancellationToken) => table.FindAllAsync(
        $"{FilterByKey(RowKey.Partition(endpoint), RowKey.IntentPrefix)} and {FilterByStates(IdentityState.Pending)}", cancellationToken);

    private IEnumerable<IdentityRecord> FindById(IdentityQuery query, string id, CancellationToken cancellationToken)
    {
        TableEntity? row = table.FindAsync(RowKey.Partition(query.Endpoint), RowKey.Identity(id), cancellationToken).GetAwaiter().GetResult();
        return row is null ? [] : Match(query, [row]);
    }

    private IEnumerable<IdentityRecord> FindByTag(IdentityQuery query, string tag, CancellationToken cancellationToken)
    {
        string filter = FilterByKey(RowKey.Partition(query.Endpoint), RowKey.TagPrefix(tag));
        return table.FindPages(filter, cancellationToken).SelectMany(index => ReadAsync(query, index, cancellationToken).GetAwaiter().GetResult());
    }

    private async Task<IEnumerable<IdentityRecord>> ReadAsync(IdentityQuery query, IReadOnlyList<TableEntity> index, CancellationToken cancellationToken)
    {
        var records = new List<IdentityRecord>();
        for (int start = 0; start < index.Count; start += ReadsAtOnce)
        {
            TableEntity?[] rows = await Task.WhenAll(
                index.Skip(start).Take(ReadsAtOnce).Select(entry => table.FindAsync(entry.PartitionKey, RowKey.Identity(entry.GetString(nameof(IdentityRow.Id))), cancellationToken)))
                .ConfigureAwait(false);
            records.AddRange(Match(query, rows.OfType<TableEntity>()));
        }

        return records;
    }

    private IEnumerable<IdentityRecord> FindInRange(IdentityQuery query, CancellationToken cancellationToken)
    {
        if ((query.States & (IdentityState.Active | IdentityState.Deleted)) == 0)
        {
            return [];
        }

        var filter = new List<string> { FilterByKey(RowKey.Partition(query.Endpoint), RowKey.Identity(query.IdPrefix ?? "")), FilterByStates(query.States) };
        filter.AddRange(FilterByTime(query));
        filter.AddRange(FilterByTag(query.TagPrefix));
        if (query.WithoutTokenAt is { } now)
        {
            filter.Add(TableClient.CreateQueryFilter($"TokenLiveUntil le {now}"));
        }

        return table.FindPages(string.Join(" and ", filter), cancellationToken).SelectMany(rows => Match(query, rows));
    }

    /// <summary>Finds intents. They are few: calls in flight, and those whose outcome is unknown.</summary>
    private IEnumerable<IdentityRecord> FindIntents(IdentityQuery query, CancellationToken cancellationToken)
    {
        if ((query.States & (IdentityState.Pending | IdentityState.Unknown)) == 0 || query.IdPrefix is not null)
        {
            return [];
        }

        var filter = new List<string> { FilterByKey(RowKey.Partition(query.Endpoint), RowKey.IntentPrefix), FilterByStates(query.States) };
        filter.AddRange(FilterByTime(query));
        return table.FindPages(string.Join(" and ", filter), cancellationToken)
            .SelectMany(rows => rows)
            .Select(row => table.Read(row.RowKey, () => IntentRow.ToRecord(row)))
            .Where(record => MatchesTag(query, record));
    }

    private static string FilterByKey(string partition, string prefix) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {prefix} and RowKey lt {RowKey.After(prefix)}");

    private static string FilterByStates(IdentityState states)
    {
        IEnumerable<IdentityState> each = new[] { IdentityState.Active, IdentityState.Pending, IdentityState.Unknown, IdentityState.Deleted }.Where(state => states.HasFlag(state));
        return $"({string.Join(" or ", each.Select(state => TableClient.CreateQueryFilter($"State eq {state.ToString()}")))})";
    }

    private static IEnumerable<string> FilterByTime(IdentityQuery query)
    {
        if (query.CreatedBefore is { } before)
        {
            yield return TableClient.CreateQueryFilter($"CreatedOn lt {before}");
        }

        if (query.CreatedAfter is { } after)
        {
            yield return TableClient.CreateQueryFilter($"CreatedOn ge {after}");
        }
    }

    /// <summary>Letters and digits sort the same everywhere. Where the prefix goes on with something else, the rest is checked here.</summary>
    private static IEnumerable<string> FilterByTag(string? prefix)
    {
        string start = string.Concat((prefix ?? "").TakeWhile(unit => unit is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9')).Take(LongestFilter));
        return start.Length == 0 ? [] : [TableClient.CreateQueryFilter($"Tag ge {start} and Tag lt {RowKey.After(start)}")];
    }

    /// <summary>Checks all conditions: rows that were read by their key were not filtered, and others by a part of the conditions only.</summary>
    private IEnumerable<IdentityRecord> Match(IdentityQuery query, IEnumerable<TableEntity> rows) =>
        from row in rows
        let identity = new IdentityRow(row)
        let record = table.Read(row.RowKey, identity.ToRecord)
        where (query.States & record.State) != 0
            && (query.WithoutTokenAt is not { } now || !identity.HasTokenAt(now))
            && (query.Id is null || record.Id == query.Id)
            && (query.IdPrefix is null || record.Id!.StartsWith(query.IdPrefix, StringComparison.Ordinal))
            && MatchesTag(query, record)
            && (query.CreatedBefore is not { } before || record.CreatedOn < before)
            && (query.CreatedAfter is not { } after || record.CreatedOn >= after)
        select record;

    private static bool MatchesTag(IdentityQuery query, IdentityRecord record) =>
        (query.Tag is null || record.Tag == query.Tag)
        && (query.TagPrefix is null || record.Tag?.StartsWith(query.TagPrefix, StringComparison.Ordinal) == true);
}
