using System;
using System.Collections.Generic;
using System.Linq;

namespace AcsIdentity.Emulator.Access;

/// <summary>The assignments of one kind. Safe for concurrent use.</summary>
internal sealed class AssignmentStore
{
    private readonly object _lock = new();
    private readonly Dictionary<Guid, AccessAssignment> _byObjectId = [];

    /// <summary>All assignments, in the order of their object ids.</summary>
    public IReadOnlyList<AccessAssignment> All
    {
        get
        {
            lock (_lock)
            {
                return _byObjectId.Values.OrderBy(assignment => assignment.ObjectId).ToArray();
            }
        }
    }

    public AccessAssignment? Find(Guid objectId)
    {
        lock (_lock)
        {
            return _byObjectId.TryGetValue(objectId, out AccessAssignment? assignment) ? assignment : null;
        }
    }

    /// <returns>Whether the assignment is new.</returns>
    public bool Put(AccessAssignment assignment)
    {
        lock (_lock)
        {
            bool isNew = !_byObjectId.ContainsKey(assignment.ObjectId);
            _byObjectId[assignment.ObjectId] = assignment;
            return isNew;
        }
    }

    public void Remove(Guid objectId)
    {
        lock (_lock)
        {
            _byObjectId.Remove(objectId);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _byObjectId.Clear();
        }
    }
}
