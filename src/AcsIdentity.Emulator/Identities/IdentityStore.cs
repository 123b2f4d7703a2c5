using System;
using System.Collections.Generic;
using System.Linq;

namespace AcsIdentity.Emulator.Identities;

/// <summary>The identities of one resource. Safe for concurrent use.</summary>
internal sealed class IdentityStore
{
    private readonly Guid _resourceId;
    private readonly IReadOnlyList<string> _initialIds;
    private readonly TimeProvider _clock;
    private readonly object _lock = new();
    private readonly LinkedList<Identity> _newestFirst = new();
    private readonly Dictionary<string, LinkedListNode<Identity>> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Identity> _byCustomId = new(StringComparer.Ordinal);

    /// <param name="resourceId">The resource of new identities.</param>
    /// <param name="initialIds">The identities that exist at the start and after a reset.</param>
    /// <param name="clock">The clock for the times of creation.</param>
    public IdentityStore(Guid resourceId, IReadOnlyList<string> initialIds, TimeProvider clock)
    {
        _resourceId = resourceId;
        _initialIds = initialIds;
        _clock = clock;
        AddInitial();
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byId.Count;
            }
        }
    }

    public Identity Create()
    {
        string id = NewId();
        lock (_lock)
        {
            return Add(id, customId: null);
        }
    }

    /// <summary>Returns the identity with the custom id, and creates it if it does not exist.</summary>
    public Identity GetOrCreate(string customId)
    {
        lock (_lock)
        {
            if (!_byCustomId.TryGetValue(customId, out Identity? identity))
            {
                identity = Add(NewId(), customId);
                _byCustomId.Add(customId, identity);
            }

            return identity;
        }
    }

    /// <summary>Returns the identity of an Entra user, and creates it if it does not exist. Its id names the user's tenant and object id.</summary>
    public Identity GetOrCreateEntraUser(Guid tenantId, Guid objectId)
    {
        string id = $"8:acs:{_resourceId}_{tenantId}_{objectId}";
        lock (_lock)
        {
            return _byId.TryGetValue(id, out LinkedListNode<Identity>? node) ? node.Value : Add(id, customId: null);
        }
    }

    /// <summary>The newest identities, newest first. The time depends on the number asked for, not on the number stored.</summary>
    public IReadOnlyList<Identity> Newest(int count)
    {
        lock (_lock)
        {
            return _newestFirst.Take(count).ToArray();
        }
    }

    /// <summary>Removes all identities. The initial ones exist again, without tokens.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _newestFirst.Clear();
            _byId.Clear();
            _byCustomId.Clear();
            AddInitial();
        }
    }

    public Identity? Find(string id)
    {
        lock (_lock)
        {
            return _byId.TryGetValue(id, out LinkedListNode<Identity>? node) ? node.Value : null;
        }
    }

    public bool Delete(string id)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out LinkedListNode<Identity>? node))
            {
                return false;
            }

            _byId.Remove(id);
            _newestFirst.Remove(node);
            if (node.Value.CustomId is { } customId)
            {
                _byCustomId.Remove(customId);
            }

            return true;
        }
    }

    private string NewId() => $"8:acs:{_resourceId}_{Guid.NewGuid()}";

    private void AddInitial()
    {
        foreach (string id in _initialIds.Distinct(_byId.Comparer))
        {
            Add(id, customId: null);
        }
    }

    private Identity Add(string id, string? customId)
    {
        var identity = new Identity(id, customId, _clock.GetUtcNow());
        _byId.Add(identity.Id, _newestFirst.AddFirst(identity));
        return identity;
    }
}
