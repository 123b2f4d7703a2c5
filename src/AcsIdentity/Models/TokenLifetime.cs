using System;

namespace AcsIdentity.Models;

/// <summary>The valid lifetimes of an access token.</summary>
/// <remarks>https://learn.microsoft.com/azure/communication-services/concepts/identity-model#access-tokens</remarks>
internal static class TokenLifetime
{
    public static readonly TimeSpan Shortest = TimeSpan.FromHours(1);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Checks a lifetime.</summary>
    /// <returns>A message that says what is wrong, or null.</returns>
    public static string? Validate(TimeSpan lifetime) =>
        lifetime >= Shortest && lifetime <= Longest
            ? null
            : $"The lifetime {lifetime} is not between 1 hour (1h or 01:00:00) and 24 hours (24h or 1.00:00:00).";
}
