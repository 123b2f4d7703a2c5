using System;
using System.Collections.Generic;

namespace AcsIdentity.Ports;

/// <summary>What the ledger knows of one identity. Never a token or a key.</summary>
public sealed record IdentityRecord
{
    /// <summary>The id; null if the create has no answer.</summary>
    public string? Id { get; init; }

    /// <summary>The caller's name for the identity.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether it exists.</summary>
    public IdentityState State { get; init; } = IdentityState.Active;

    /// <summary>When it was created, or the create was sent; null if another program created it.</summary>
    public DateTimeOffset? CreatedOn { get; init; }

    /// <summary>Who created it: user and machine; null if another program did.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The scopes of its last token; empty if none was issued, or if it was revoked.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>When its last token expires; null if none was issued, or if it was revoked.</summary>
    public DateTimeOffset? TokenExpiresOn { get; init; }

    /// <summary>When its tokens were revoked last.</summary>
    public DateTimeOffset? TokensRevokedOn { get; init; }

    /// <summary>When it was deleted.</summary>
    public DateTimeOffset? DeletedOn { get; init; }
}
