using System;
using System.Collections.Concurrent;
using System.Linq;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Stores values under codes that expire, and only the newest: every client can ask for a code. Safe for concurrent use.</summary>
internal sealed class ExpiringCodes<T>(TimeSpan lifetime, TimeProvider clock)
    where T : class
{
    private const int Capacity = 1000;

    private readonly ConcurrentDictionary<string, (T Value, DateTimeOffset ExpiresOn)> _codes = new(StringComparer.Ordinal);

    public void Add(string code, T value)
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach (string expired in _codes.Where(known => known.Value.ExpiresOn <= now).Select(known => known.Key))
        {
            _codes.TryRemove(expired, out _);
        }

        if (_codes.Count >= Capacity)
        {
            _codes.TryRemove(_codes.OrderBy(known => known.Value.ExpiresOn).First().Key, out _);
        }

        _codes[code] = (value, now + lifetime);
    }

    public T? Find(string code) => _codes.TryGetValue(code, out (T Value, DateTimeOffset ExpiresOn) known) ? ValueIfCurrent(known) : null;

    /// <summary>Finds the value and removes the code.</summary>
    public T? Redeem(string code) => _codes.TryRemove(code, out (T Value, DateTimeOffset ExpiresOn) known) ? ValueIfCurrent(known) : null;

    private T? ValueIfCurrent((T Value, DateTimeOffset ExpiresOn) known) => known.ExpiresOn > clock.GetUtcNow() ? known.Value : null;
}
