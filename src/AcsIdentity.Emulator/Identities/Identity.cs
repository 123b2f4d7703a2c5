using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>An identity, its newest 5 tokens, and two counters that tell which of its tokens are revoked. Safe for concurrent use.</summary>
internal sealed class Identity(string id, string? customId, DateTimeOffset createdAt)
{
    private const int MaxTokens = 5;

    private readonly object _lock = new();
    private long _lastToken;
    private long _lastRevokedToken;

    // An array of the exact length: there may be a million identities, most with one token or none.
    private TokenRecord[] _newestTokens = [];

    public string Id { get; } = id;

    public string? CustomId { get; } = customId;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>How many tokens were issued, and how many of them are revoked.</summary>
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

    /// <summary>The newest 5 tokens, newest first.</summary>
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

    /// <summary>Revokes the tokens that were issued before the time. Tokens before the newest 5 have no time, so they count as older.</summary>
    public void RevokeTokensIssuedBefore(DateTimeOffset time)
    {
        lock (_lock)
        {
            int valid = _newestTokens.TakeWhile(token => token.IssuedAt >= time).Count();
            _lastRevokedToken = Math.Max(_lastRevokedToken, _lastToken - valid);
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
