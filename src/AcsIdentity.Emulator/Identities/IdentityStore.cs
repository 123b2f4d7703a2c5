using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>The identities of one resource. Safe for concurrent use.</summary>
internal sealed class IdentityStore(Guid resourceId, TimeProvider clock)
{
    private readonly object _lock = new();
    private readonly LinkedList<Identity> _newestFirst = new();
    private readonly Dictionary<string, LinkedListNode<Identity>> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Identity> _byCustomId = new(StringComparer.Ordinal);

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
        lock (_lock)
        {
            return Add(customId: null);
        }
    }

    /// <summary>The identity of that custom id: the same one each time, until it is deleted.</summary>
    public Identity GetOrCreate(string customId)
    {
        lock (_lock)
        {
            if (!_byCustomId.TryGetValue(customId, out Identity? identity))
            {
                identity = Add(customId);
                _byCustomId.Add(customId, identity);
            }

            return identity;
        }
    }

    /// <summary>The newest identities, the newest one first. Takes no longer where there are many more.</summary>
    public IReadOnlyList<Identity> Newest(int most)
    {
        lock (_lock)
        {
            return _newestFirst.Take(most).ToArray();
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _newestFirst.Clear();
            _byId.Clear();
            _byCustomId.Clear();
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

    private Identity Add(string? customId)
    {
        var identity = new Identity($"8:acs:{resourceId}_{Guid.NewGuid()}", customId, clock.GetUtcNow());
        _byId.Add(identity.Id, _newestFirst.AddFirst(identity));
        return identity;
    }

    /// <summary>An identity and, as two counters, which of its tokens still count. Of its tokens the newest 5 are remembered.</summary>
    internal sealed class Identity(string id, string? customId, DateTimeOffset createdAt)
    {
        private const int MaxTokens = 5;

        private readonly object _lock = new();
        private long _lastToken;
        private long _lastRevokedToken;
        // Never longer than need be: there may be a million identities, most of them with one token or none.
        private TokenRecord[] _newestTokens = [];

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

        /// <summary>The newest 5 tokens, the newest one first.</summary>
        public IReadOnlyList<TokenRecord> NewestTokens
        {
            get
            {
                lock (_lock)
                {
                    return _newestTokens;
                }
            }
        }

        public DateTimeOffset? LastTokenIssuedAt => NewestTokens is [TokenRecord newest, ..] ? newest.IssuedAt : null;

        /// <returns>The new token's number.</returns>
        public long AddToken(string scopes, DateTimeOffset issuedAt, DateTimeOffset expiresOn)
        {
            lock (_lock)
            {
                _lastToken++;
                _newestTokens = [new TokenRecord(_lastToken, scopes, issuedAt, expiresOn), .. _newestTokens.Take(MaxTokens - 1)];
                return _lastToken;
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
