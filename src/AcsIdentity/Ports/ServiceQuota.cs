using System;

namespace AcsIdentity.Ports;

/// <summary>How many calls of each operation a resource permits in any 30 s. Throttled calls count too.</summary>
/// <remarks>
/// The defaults are the documented limits of the service: https://learn.microsoft.com/azure/communication-services/concepts/service-limits#identity.
/// Azure support raises them for a resource on request.
/// </remarks>
public sealed record ServiceQuota
{
    /// <summary>The time window of the limits.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromSeconds(30);

    /// <summary>No limits. The emulator has none by default.</summary>
    public static ServiceQuota Unlimited { get; } = new()
    {
        Creates = int.MaxValue,
        Issues = int.MaxValue,
        Revokes = int.MaxValue,
        Deletes = int.MaxValue,
        Exchanges = int.MaxValue,
    };

    /// <summary>Limit of the calls that create an identity, with or without a token.</summary>
    public int Creates { get; init; } = 1000;

    /// <summary>Limit of the calls that issue a token.</summary>
    public int Issues { get; init; } = 1000;

    /// <summary>Limit of the calls that revoke an identity's tokens.</summary>
    public int Revokes { get; init; } = 500;

    /// <summary>Limit of the calls that delete an identity.</summary>
    public int Deletes { get; init; } = 500;

    /// <summary>Limit of the calls that exchange the token of a Teams user or of a Teams Phone user.</summary>
    public int Exchanges { get; init; } = 500;

    /// <summary>Returns the limit of one operation. None is documented for those on Teams Phone access.</summary>
    public int For(IdentityOperation operation) => operation switch
    {
        IdentityOperation.Create => Creates,
        IdentityOperation.Issue => Issues,
        IdentityOperation.Revoke => Revokes,
        IdentityOperation.Delete => Deletes,
        IdentityOperation.Exchange => Exchanges,
        _ => int.MaxValue,
    };
}
