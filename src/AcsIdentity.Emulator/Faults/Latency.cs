using System;

namespace AcsIdentity.Emulator.Faults;

/// <summary>Chooses a random delay for each response. Safe for concurrent use.</summary>
internal sealed class Latency
{
    private readonly LatencyOptions _options;
    private readonly Random _random = new();

    /// <exception cref="ArgumentOutOfRangeException">The shortest delay is negative, or longer than the longest.</exception>
    public Latency(LatencyOptions options)
    {
        if (options.Shortest < TimeSpan.Zero || options.Shortest > options.Longest)
        {
            throw new ArgumentOutOfRangeException(nameof(options), "The shortest latency must not be negative or longer than the longest latency.");
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
