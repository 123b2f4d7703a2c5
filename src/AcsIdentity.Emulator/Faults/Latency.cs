using System;

namespace AcsIdentity.Emulator.Faults;

/// <summary>Draws the delay of each answer. Safe for concurrent use.</summary>
internal sealed class Latency
{
    private readonly LatencyOptions _options;
    private readonly Random _random = new();

    /// <exception cref="ArgumentOutOfRangeException">The shortest is negative, or longer than the longest.</exception>
    public Latency(LatencyOptions options)
    {
        if (options.Shortest < TimeSpan.Zero || options.Shortest > options.Longest)
        {
            throw new ArgumentOutOfRangeException(nameof(options), "A latency runs from a shortest one, not below zero, to a longest one.");
        }

        _options = options;
    }

    public TimeSpan Next()
    {
        lock (_random)
        {
            return _options.Shortest + TimeSpan.FromTicks((long)((_options.Longest - _options.Shortest).Ticks * _random.NextDouble()));
        }
    }
}
