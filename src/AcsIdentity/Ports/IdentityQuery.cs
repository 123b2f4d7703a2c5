using System;

namespace AcsIdentity.Ports;

/// <summary>Which records of a resource to find. All conditions must hold.</summary>
/// <param name="Endpoint">The resource.</param>
public sealed record IdentityQuery(Uri Endpoint)
{
    /// <summary>The states.</summary>
    public IdentityState States { get; init; } = IdentityState.Active;

    /// <summary>The id; null for any.</summary>
    public string? Id { get; init; }

    /// <summary>The beginning of the id; null for any.</summary>
    public string? IdPrefix { get; init; }

    /// <summary>The tag, compared with case; null for any.</summary>
    public string? Tag { get; init; }

    /// <summary>The beginning of the tag, compared with case; null for any. If it is empty, there must be a tag.</summary>
    public string? TagPrefix { get; init; }

    /// <summary>Only identities that were created before this time. Those of other programs have no known time, and are left out.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Only identities that were created at or after this time.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Only identities that have no valid token at this time.</summary>
    public DateTimeOffset? WithoutTokenAt { get; init; }
}
