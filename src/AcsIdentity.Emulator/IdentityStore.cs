using System;
using System.Collections.Concurrent;
using System.Threading;

namespace AcsIdentity.Emulator;

/// <summary>The identities of one resource. Safe for concurrent use.</summary>
internal sealed class IdentityStore(Guid resourceId)
{
    private readonly ConcurrentDictionary<string, Identity> _identities = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _identities.Count;

    public Identity Create()
    {
        var identity = new Identity($"8:acs:{resourceId}_{Guid.NewGuid()}");
        _identities[identity.Id] = identity;
        return identity;
    }

    public Identity? Find(string id) => _identities.TryGetValue(id, out Identity? identity) ? identity : null;

    public bool Delete(string id) => _identities.TryRemove(id, out _);

    /// <summary>An identity and, as two counters, which of its tokens still count.</summary>
    internal sealed class Identity(string id)
    {
        private long _lastToken;
        private long _lastRevokedToken;

        public string Id { get; } = id;

        /// <summary>The number of the next token of this identity, from 1.</summary>
        public long NextToken() => Interlocked.Increment(ref _lastToken);

        public void RevokeTokens() => Interlocked.Exchange(ref _lastRevokedToken, Interlocked.Read(ref _lastToken));

        public bool IsRevoked(long token) => token <= Interlocked.Read(ref _lastRevokedToken);
    }
}
