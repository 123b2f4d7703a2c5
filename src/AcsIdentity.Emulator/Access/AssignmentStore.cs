using System;
using System.Collections.Generic;
using System.Linq;

namespace AcsIdentity.Emulator.Access;

/// <summary>The assignments of one kind. Safe for concurrent use.</summary>
/// <typeparam name="TKey">What the path of an assignment names.</typeparam>
/// <param name="keyOf">Returns the key of an assignment.</param>
internal sealed class AssignmentStore<TKey>(Func<AccessAssignment, TKey> keyOf)
    where TKey : notnull
{
    private readonly object _lock = new();
    private readonly Dictionary<TKey, AccessAssignment> _byKey = [];

    /// <summary>All assignments, in the order of their keys.</summary>
    public IReadOnlyList<AccessAssignment> All
    {
        get
        {
            lock (_lock)
            {
                return _byKey.OrderBy(entry => entry.Key).Select(entry => entry.Value).ToArray();
            }
        }
    }

    public AccessAssignment? Find(TKey key)
    {
        lock (_lock)
        {
            return _byKey.TryGetValue(key, out AccessAssignment? assignment) ? assignment : null;
        }
    }

    /// <returns>Whether the assignment is new.</returns>
    public bool Put(AccessAssignment assignment)
    {
        TKey key = keyOf(assignment);
        lock (_lock)
        {
            bool isNew = !_byKey.ContainsKey(key);
            _byKey[key] = assignment;
            return isNew;
        }
    }

    public void Remove(TKey key)
    {
        lock (_lock)
        {
            _byKey.Remove(key);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _byKey.Clear();
        }
    }
}
