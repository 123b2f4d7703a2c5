using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;

namespace AcsIdentity.Emulator;

/// <summary>The identities of one resource. Safe for concurrent use.</summary>
internal sealed class IdentityStore(Guid resourceId, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Identity> _identities = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Identity> _byCustomId = new(StringComparer.Ordinal);

    public int Count => _identities.Count;

    public Identity Create() => Add(customId: null);

    /// <summary>The identity of that custom id: the same one each time, until it is deleted.</summary>
    public Identity GetOrCreate(string customId)
    {
        lock (_byCustomId)
        {
            if (!_byCustomId.TryGetValue(customId, out Identity? identity))
            {
                identity = Add(customId);
                _byCustomId.Add(customId, identity);
            }

            return identity;
        }
    }

    /// <summary>The newest identities, the newest one first.</summary>
    public IReadOnlyList<Identity> Newest(int most) =>
        _identities.Values.OrderByDescending(identity => identity.CreatedAt).Take(most).ToArray();

    public void Clear()
    {
        lock (_byCustomId)
        {
            _byCustomId.Clear();
            _identities.Clear();
        }
    }

    public Identity? Find(string id) => _identities.TryGetValue(id, out Identity? identity) ? identity : null;

    public bool Delete(string id)
    {
        if (!_identities.TryRemove(id, out Identity? identity))
        {
            return false;
        }

        if (identity.CustomId is { } customId)
        {
            lock (_byCustomId)
            {
                _byCustomId.Remove(customId);
            }
        }

        return true;
    }

    private Identity Add(string? customId)
    {
        var identity = new Identity($"8:acs:{resourceId}_{Guid.NewGuid()}", customId, clock.GetUtcNow());
        _identities[identity.Id] = identity;
        return identity;
    }

    /// <summary>An identity and, as two counters, which of its tokens still count.</summary>
    internal sealed class Identity(string id, string? customId, DateTimeOffset createdAt)
    {
        private readonly object _lock = new();
        private long _lastToken;
        private long _lastRevokedToken;
        private DateTimeOffset? _lastTokenIssuedAt;

        public string Id { get; } = id;

        public string? CustomId { get; } = customId;

        public DateTimeOffset CreatedAt { get; } = createdAt;

        /// <summary>How many tokens were issued, and how many of those have been revoked since.</summary>
        public (long Issued, long Revoked) Tokens
        {
            get
            {
                lock (_lock)
                {
                    return (_lastToken, _lastRevokedToken);
                }
            }
        }

        public DateTimeOffset? LastTokenIssuedAt
        {
            get
            {
                lock (_lock)
                {
                    return _lastTokenIssuedAt;
                }
            }
        }

        /// <summary>The number of the next token of this identity, from 1.</summary>
        public long NextToken(DateTimeOffset now)
        {
            lock (_lock)
            {
                _lastTokenIssuedAt = now;
                return ++_lastToken;
            }
        }

        public void RevokeTokens()
        {
            lock (_lock)
            {
                _lastRevokedToken = _lastToken;
            }
        }

        public bool IsRevoked(long token)
        {
            lock (_lock)
            {
                return token <= _lastRevokedToken;
            }
        }
    }
}
