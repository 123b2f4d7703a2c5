using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>Makes the changes of calls in flight together, because a transaction takes as long as a single request.</summary>
internal sealed class GroupedWrites
{
    /// <summary>The service's limit for a transaction.</summary>
    private const int LargestTransaction = 100;

    /// <summary>Keeps a transaction below 4 MiB: the client writes six bytes for a character that is not ASCII.</summary>
    private const int LongestTags = 500_000;

    private readonly LedgerTable _table;
    private readonly WriteQueue<Write> _queue;

    public GroupedWrites(LedgerTable table)
    {
        _table = table;
        _queue = new WriteQueue<Write>(LargestTransaction, WriteAsync);
    }

    /// <summary>Makes changes of different rows of one partition.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="tag">The tag in one of them.</param>
    /// <param name="writeAloneAsync">Makes the changes if the transaction failed because of a row of this or another write.</param>
    /// <returns>Ends when the changes are durable.</returns>
    public Task AddAsync(IReadOnlyList<TableTransactionAction> changes, string? tag, Func<Task> writeAloneAsync)
    {
        var write = new Write(changes, tag?.Length ?? 0, writeAloneAsync);
        _queue.Add(write);
        return write.Completion.Task;
    }

    private async Task WriteAsync(IReadOnlyList<Write> writes)
    {
        foreach (List<Write> transaction in Split(writes))
        {
            await WriteTogetherAsync(transaction).ConfigureAwait(false);
        }
    }

    /// <summary>Splits writes so that each transaction keeps to the limits, and has no row twice.</summary>
    private static IEnumerable<List<Write>> Split(IReadOnlyList<Write> writes)
    {
        var transaction = new List<Write>();
        var rows = new HashSet<string>();
        int length = 0;
        foreach (Write write in writes)
        {
            bool fits = rows.Count + write.Changes.Count <= LargestTransaction
                && length + write.Length <= LongestTags
                && !write.Changes.Any(change => rows.Contains(change.Entity.RowKey))
                && transaction.TrueForAll(other => other.Partition == write.Partition);
            if (!fits)
            {
                yield return transaction;
                transaction = [];
                rows.Clear();
                length = 0;
            }

            transaction.Add(write);
            rows.UnionWith(write.Changes.Select(change => change.Entity.RowKey));
            length += write.Length;
        }

        yield return transaction;
    }

    private async Task WriteTogetherAsync(List<Write> writes)
    {
        try
        {
            if (await _table.TryChangeAsync(writes.SelectMany(write => write.Changes)).ConfigureAwait(false))
            {
                writes.ForEach(write => write.Completion.SetResult(true));
                return;
            }
        }
        catch (LedgerException failure)
        {
            writes.ForEach(write => write.Completion.SetException(failure));
            return;
        }

        await Task.WhenAll(writes.Select(WriteAloneAsync)).ConfigureAwait(false);
    }

    private static async Task WriteAloneAsync(Write write)
    {
        try
        {
            await write.WriteAloneAsync().ConfigureAwait(false);
            write.Completion.SetResult(true);
        }
        catch (LedgerException failure)
        {
            write.Completion.SetException(failure);
        }
    }

    private sealed record Write(IReadOnlyList<TableTransactionAction> Changes, int Length, Func<Task> WriteAloneAsync)
    {
        public string Partition { get; } = Changes[0].Entity.PartitionKey;

        public TaskCompletionSource<bool> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
