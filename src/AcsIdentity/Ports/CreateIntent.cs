using System;

namespace AcsIdentity.Ports;

/// <summary>A create that is about to be sent.</summary>
/// <param name="Endpoint">The resource.</param>
/// <param name="Tag">The caller's name for the identity.</param>
/// <param name="IsOnlyOne">Whether to create it only if there is no other identity with this tag. It then has a tag.</param>
/// <param name="Run">The run of New-AcsIdentity, as <see cref="IIdentityLedger.BeginRun"/> returned it.</param>
/// <param name="SentOn">The time.</param>
/// <param name="EndsBy">When the call will have ended, whatever happens.</param>
public sealed record CreateIntent(Uri Endpoint, string? Tag, bool IsOnlyOne, Guid Run, DateTimeOffset SentOn, DateTimeOffset EndsBy);
