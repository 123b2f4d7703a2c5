using System;

namespace AcsIdentity.Emulator.Faults;

/// <summary>The delay of every response of the service: a random time between the two values, evenly distributed.</summary>
/// <param name="Shortest">The shortest delay.</param>
/// <param name="Longest">The longest delay.</param>
public sealed record LatencyOptions(TimeSpan Shortest, TimeSpan Longest);
