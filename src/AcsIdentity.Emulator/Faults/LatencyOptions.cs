using System;

namespace AcsIdentity.Emulator.Faults;

/// <summary>How late every answer of the service comes: by a time between the two, each as likely as the other.</summary>
/// <param name="Shortest">The shortest delay.</param>
/// <param name="Longest">The longest delay.</param>
public sealed record LatencyOptions(TimeSpan Shortest, TimeSpan Longest);
