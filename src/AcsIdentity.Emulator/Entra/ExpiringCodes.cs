using System;
using System.Collections.Concurrent;
using System.Collections.Generic;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Stores values under codes that expire. Safe for concurrent use.</summary>
internal sealed class ExpiringCodes<T>(TimeSpan lifetime, TimeProvider clock)
    where T : class
{
    private readonly ConcurrentDictionary<string, (T Value, DateTimeOffset ExpiresOn)> _codes = new(StringComparer.Ordinal);
    private readonly Queue<(string Code, DateTimeOffset ExpiresOn)> _oldestFirst = new();

    public void Add(string code, T value)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_oldestFirst)
        {
            // Looks at the oldest only: with a look at all, each code would make the next one slower.
            while (_oldestFirst.Count > 0 && _oldestFirst.Peek().ExpiresOn <= now)
            {
                _codes.TryRemove(_oldestFirst.Dequeue().Code, out _);
            }

            _codes[code] = (value, now + lifetime);
            _oldestFirst.Enqueue((code, now + lifetime));
        }
    }

    public T? Find(string code) => _codes.TryGetValue(code, out (T Value, DateTimeOffset ExpiresOn) known) ? ValueIfCurrent(known) : null;

    /// <summary>Finds the value and removes the code.</summary>
    public T? Redeem(string code) => _codes.TryRemove(code, out (T Value, DateTimeOffset ExpiresOn) known) ? ValueIfCurrent(known) : null;

    private T? ValueIfCurrent((T Value, DateTimeOffset ExpiresOn) known) => known.ExpiresOn > clock.GetUtcNow() ? known.Value : null;
}
