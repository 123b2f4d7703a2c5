using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Models;

namespace AcsIdentity.Calls;

/// <summary>
/// The identities that this process created last and has not deleted. A variable that was to take them is not set if the
/// pipeline ends early, and the service cannot list identities. Thread-safe.
/// </summary>
internal static class RecentIdentities
{
    /// <summary>How many are kept: some megabytes.</summary>
    public const int Capacity = 10_000;

    private static readonly LinkedList<Entry> _entries = new();
    private static readonly Dictionary<(Uri, string), LinkedListNode<Entry>> _nodes = [];

    /// <summary>Adds an identity, without its token. Drops the oldest one if there are too many.</summary>
    public static void Add(Uri endpoint, CommunicationIdentity identity)
    {
        lock (_entries)
        {
            Remove(endpoint, identity.Id);
            var entry = new Entry(endpoint, identity.Id, identity.Tag, identity.CreatedBy);
            _nodes[entry.Key] = _entries.AddLast(entry);
            if (_entries.Count > Capacity)
            {
                Entry oldest = _entries.First!.Value;
                Remove(oldest.Endpoint, oldest.Id);
            }
        }
    }

    /// <summary>Forgets an identity that was deleted.</summary>
    public static void Remove(Uri endpoint, string id)
    {
        lock (_entries)
        {
            if (_nodes.TryGetValue((endpoint, id), out LinkedListNode<Entry>? node))
            {
                _nodes.Remove((endpoint, id));
                _entries.Remove(node);
            }
        }
    }

    /// <summary>Forgets all identities of a resource.</summary>
    public static void RemoveAll(Uri endpoint)
    {
        lock (_entries)
        {
            foreach (Entry entry in _entries.Where(entry => entry.Endpoint == endpoint).ToArray())
            {
                Remove(endpoint, entry.Id);
            }
        }
    }

    /// <summary>Returns the identities of a resource in the order of their creation.</summary>
    /// <param name="endpoint">The resource; null for all.</param>
    /// <param name="lastRunOnly">Whether to return only those of the last run of New-AcsIdentity.</param>
    public static IReadOnlyList<CommunicationIdentity> Get(Uri? endpoint, bool lastRunOnly)
    {
        lock (_entries)
        {
            Entry[] found = _entries.Where(entry => endpoint is null || entry.Endpoint == endpoint).ToArray();
            CreationRun? lastRun = found.LastOrDefault()?.Run;
            return found
                .Where(entry => !lastRunOnly || entry.Run == lastRun)
                .Select(entry => new CommunicationIdentity(entry.Id, entry.Tag, accessToken: null, createdBy: null))
                .ToArray();
        }
    }

    private sealed record Entry(Uri Endpoint, string Id, string? Tag, CreationRun? Run)
    {
        public (Uri Endpoint, string Id) Key => (Endpoint, Id);
    }
}
