using System;
using System.Collections.Generic;
using System.Linq;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>Stores the newest 1,000 requests and counts all. Safe for concurrent use.</summary>
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

    /// <summary>The stored requests, newest first.</summary>
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

    /// <param name="entry">Creates the entry from the number of the request.</param>
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
