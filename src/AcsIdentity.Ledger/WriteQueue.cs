using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace AcsIdentity.Ledger;

/// <summary>
/// Writes entries one group at a time. While a group is written, the next one collects: so the calls in flight share the cost
/// of making a record durable. Entries are written in the order in which they were added.
/// </summary>
/// <typeparam name="TEntry">An entry.</typeparam>
/// <param name="largestGroup">How many entries a group may have.</param>
/// <param name="writeAsync">Writes a group, and completes its entries. Must not throw.</param>
internal sealed class WriteQueue<TEntry>(int largestGroup, Func<IReadOnlyList<TEntry>, Task> writeAsync)
{
    private readonly Queue<TEntry> _entries = new();
    private bool _isWriting;

    /// <summary>Adds an entry.</summary>
    public void Add(TEntry entry)
    {
        lock (_entries)
        {
            _entries.Enqueue(entry);
            if (_isWriting)
            {
                return;
            }

            _isWriting = true;
        }

        Task.Run(WriteAllAsync);
    }

    private async Task WriteAllAsync()
    {
        while (Take() is { Count: > 0 } group)
        {
            await writeAsync(group).ConfigureAwait(false);
        }
    }

    private List<TEntry> Take()
    {
        var group = new List<TEntry>();
        lock (_entries)
        {
            while (_entries.Count > 0 && group.Count < largestGroup)
            {
                group.Add(_entries.Dequeue());
            }

            _isWriting = group.Count > 0;
        }

        return group;
    }
}
