using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Faults;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>A request that came in, without its secrets: no header that authenticates, no body.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Time">When it came in.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Target">The request target as it was sent.</param>
/// <param name="Status">The status it was answered with; null where the answer was never sent.</param>
/// <param name="Duration">How long the work took, without any delay that was asked for.</param>
/// <param name="UserAgent">The User-Agent header.</param>
/// <param name="RequestId">The x-ms-client-request-id header.</param>
/// <param name="Fault">The fault that befell it; null where none did.</param>
public sealed record LoggedRequest(
    long Number, DateTimeOffset Time, string Method, string Target, int? Status, TimeSpan Duration, string? UserAgent, string? RequestId, FaultKind? Fault);

/// <summary>The newest requests. Safe for concurrent use.</summary>
internal sealed class RequestLog
{
    private const int Capacity = 1000;

    private readonly Queue<LoggedRequest> _newest = new();
    private long _count;

    public long Count
    {
        get
        {
            lock (_newest)
            {
                return _count;
            }
        }
    }

    /// <summary>The newest request first.</summary>
    public IReadOnlyList<LoggedRequest> Newest
    {
        get
        {
            lock (_newest)
            {
                return _newest.Reverse().ToArray();
            }
        }
    }

    /// <param name="entry">Makes the entry of a request of that number.</param>
    public void Add(Func<long, LoggedRequest> entry)
    {
        lock (_newest)
        {
            if (_newest.Count == Capacity)
            {
                _newest.Dequeue();
            }

            _newest.Enqueue(entry(++_count));
        }
    }

    public void Clear()
    {
        lock (_newest)
        {
            _newest.Clear();
            _count = 0;
        }
    }
}
