using System;

namespace AcsIdentity.Emulator.Throttling;

/// <summary>The resource's quota: how many calls of each operation are allowed in any window of time.</summary>
/// <remarks>
/// The defaults are the service's documented limits: https://learn.microsoft.com/azure/communication-services/concepts/service-limits#identity.
/// Throttled calls count too.
/// </remarks>
public sealed record ThrottleOptions
{
    /// <summary>The largest quota of an operation. The emulator stores the time of each call in the quota.</summary>
    public const int LargestQuota = 1_000_000;

    /// <summary>Calls that create an identity, with or without a token.</summary>
    public int Creates { get; init; } = 1000;

    /// <summary>Calls that issue a token.</summary>
    public int Issues { get; init; } = 1000;

    /// <summary>Calls that revoke an identity's tokens.</summary>
    public int Revokes { get; init; } = 500;

    /// <summary>Calls that delete an identity.</summary>
    public int Deletes { get; init; } = 500;

    /// <summary>Calls that exchange an Entra token.</summary>
    public int Exchanges { get; init; } = 500;

    /// <summary>The length of the sliding window.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether 429 responses have a Retry-After header.</summary>
    public bool SendsRetryAfter { get; init; } = true;
}
