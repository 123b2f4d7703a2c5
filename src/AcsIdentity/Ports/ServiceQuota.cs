using System;

namespace AcsIdentity.Ports;

/// <summary>How many calls of each operation a resource answers in any 30 s. Refused calls count too.</summary>
/// <remarks>
/// The numbers are the service's documented ones: https://learn.microsoft.com/azure/communication-services/concepts/service-limits#identity.
/// Support raises them for a resource on request.
/// </remarks>
public sealed record ServiceQuota
{
    /// <summary>The time that the numbers are for.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromSeconds(30);

    /// <summary>No limit at all, as the emulator has none unless it is told to.</summary>
    public static ServiceQuota Unlimited { get; } = new()
    {
        Creates = int.MaxValue,
        Issues = int.MaxValue,
        Revokes = int.MaxValue,
        Deletes = int.MaxValue,
        Exchanges = int.MaxValue,
    };

    /// <summary>Calls that create an identity, with or without a token.</summary>
    public int Creates { get; init; } = 1000;

    /// <summary>Calls that issue a token.</summary>
    public int Issues { get; init; } = 1000;

    /// <summary>Calls that revoke an identity's tokens.</summary>
    public int Revokes { get; init; } = 500;

    /// <summary>Calls that delete an identity.</summary>
    public int Deletes { get; init; } = 500;

    /// <summary>Calls that exchange a Teams user's token.</summary>
    public int Exchanges { get; init; } = 500;

    /// <summary>The number for one operation.</summary>
    public int For(IdentityOperation operation) => operation switch
    {
        IdentityOperation.Create => Creates,
        IdentityOperation.Issue => Issues,
        IdentityOperation.Revoke => Revokes,
        IdentityOperation.Delete => Deletes,
        _ => Exchanges,
    };
}
