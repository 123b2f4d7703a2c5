using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Calls;

/// <summary>
/// Calls to the service in the order of the input, a limited number of them in flight. One thread uses the queue, the
/// pipeline's. With a limit of 1 it also starts the calls; else the thread pool does.
/// </summary>
/// <param name="throttleLimit">How many calls may be in flight.</param>
internal sealed class CallQueue<TResult>(int throttleLimit)
{
    /// <summary>How often a wait looks before it sleeps: some µs. SpinWait itself sleeps from then on.</summary>
    private const int SpinsBeforeSleep = 20;

    /// <summary>Room for results that wait for a slower one before them, so that a slow call does not hold up the others.</summary>
    private const int CapacityPerCall = 4;

    private readonly Queue<PendingCall<TResult>> _calls = new();
    private readonly object _lock = new();
    private readonly Queue<PendingCall<TResult>> _unsent = new();
    private int _inFlight;
    private PendingCall<TResult>? _awaited;

    /// <summary>How many calls are in the queue.</summary>
    public int Count => _calls.Count;

    /// <summary>Whether the first call must be removed before another is added.</summary>
    /// <remarks>With a limit of 1, output does not lag behind input, so that a -PipelineVariable has the object of the result.</remarks>
    public bool IsFull => _calls.Count >= (throttleLimit == 1 ? 1 : throttleLimit * CapacityPerCall);

    /// <summary>The oldest call: its result is the next one to be written.</summary>
    public PendingCall<TResult> First => _calls.Peek();

    /// <summary>Whether the oldest call has ended.</summary>
    public bool HasResult => _calls.Count > 0 && First.IsEnded;

    /// <summary>Adds a call. It starts as soon as fewer than the limit are in flight.</summary>
    /// <param name="call">Makes the call. It may start on this thread, so it must not block.</param>
    /// <param name="subject">The id or the tag that its failure names; null if the call is about the resource.</param>
    /// <param name="tag">The tag of the identity; null if it has none.</param>
    /// <param name="identity">The identity that the call acts on, if the same pipeline created that identity; else null.</param>
    public void Add(Func<Task<TResult>> call, string? subject = null, string? tag = null, ICreated? identity = null)
    {
        var pending = new PendingCall<TResult>(call, subject, tag, identity);
        _calls.Enqueue(pending);
        lock (_lock)
        {
            if (_inFlight == throttleLimit)
            {
                _unsent.Enqueue(pending);
                return;
            }

            _inFlight++;
        }

        // This thread would only wait for the call meanwhile. With more calls, it has input to read and results to write.
        // A SynchronizationContext could want this thread for the rest of the call.
        if (throttleLimit == 1 && SynchronizationContext.Current is null)
        {
            Send(pending);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(Send, pending);
        }
    }

    /// <summary>Waits until the oldest call has ended, in success or failure.</summary>
    /// <returns>False if the time is over, or if the wait ended early for another reason.</returns>
    public bool WaitForFirst(int millisecondsTimeout)
    {
        // The next result often comes soon, and to sleep and wake takes longer than a call that is answered at once.
        for (SpinWait spin = default; !First.IsEnded && spin.Count < SpinsBeforeSleep;)
        {
            spin.SpinOnce();
        }

        lock (_lock)
        {
            _awaited = First;
            if (!First.IsEnded)
            {
                Monitor.Wait(_lock, millisecondsTimeout);
            }

            return First.IsEnded;
        }
    }

    /// <summary>Removes the oldest call.</summary>
    public void RemoveFirst() => _calls.Dequeue();

    /// <summary>Waits until all calls have ended, in success or failure, and removes them.</summary>
    public IReadOnlyList<PendingCall<TResult>> Drain()
    {
        PendingCall<TResult>[] ended = _calls.ToArray();
        while (_calls.Count > 0)
        {
            if (WaitForFirst(Timeout.Infinite))
            {
                RemoveFirst();
            }
        }

        return ended;
    }

    /// <summary>Sends a call. When it ends, the thread that ended it sends the next one, which saves a turn of the thread pool.</summary>
    private void Send(object? first)
    {
        for (var call = (PendingCall<TResult>?)first; call is not null; call = End(call))
        {
            call.Start();
            ConfiguredTaskAwaitable<TResult>.ConfiguredTaskAwaiter end = call.Result.ConfigureAwait(false).GetAwaiter();
            if (!end.IsCompleted)
            {
                PendingCall<TResult> sent = call;
                end.UnsafeOnCompleted(() => Send(End(sent)));
                return;
            }
        }
    }

    /// <summary>Ends a call, and wakes the thread of the queue if it waits for this one.</summary>
    /// <returns>The call to send next; null if there is none.</returns>
    private PendingCall<TResult>? End(PendingCall<TResult> call)
    {
        lock (_lock)
        {
            call.End();
            if (call == _awaited)
            {
                Monitor.Pulse(_lock);
            }

            if (_unsent.Count > 0)
            {
                return _unsent.Dequeue();
            }

            _inFlight--;
            return null;
        }
    }
}
