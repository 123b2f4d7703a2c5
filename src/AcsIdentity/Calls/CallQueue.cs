using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace AcsIdentity.Calls;

/// <summary>
/// Calls to the service in the order of the input, a limited number of them in flight. One thread uses the queue; the
/// calls run on the thread pool.
/// </summary>
/// <param name="throttleLimit">How many calls may be in flight.</param>
internal sealed class CallQueue<TResult>(int throttleLimit)
{
    /// <summary>Room for results that wait for a slower one before them, so that a slow call does not idle the workers.</summary>
    private const int CapacityPerWorker = 4;

    private readonly Queue<PendingCall<TResult>> _calls = new();
    private readonly Queue<(Task Start, Task<TResult> Result)> _unsent = new();
    private int _workers;

    /// <summary>How many calls are in the queue.</summary>
    public int Count => _calls.Count;

    /// <summary>Whether the first call must be removed before another is added.</summary>
    /// <remarks>With a limit of 1, output does not lag behind input, so that a -PipelineVariable has the object of the result.</remarks>
    public bool IsFull => _calls.Count >= (throttleLimit == 1 ? 1 : throttleLimit * CapacityPerWorker);

    /// <summary>The oldest call: its result is the next one to be written.</summary>
    public PendingCall<TResult> First => _calls.Peek();

    /// <summary>Whether the oldest call has ended.</summary>
    public bool HasResult => _calls.Count > 0 && First.Result.IsCompleted;

    /// <summary>Adds a call. It starts as soon as fewer than the limit are in flight.</summary>
    /// <param name="call">Makes the call.</param>
    /// <param name="identity">The identity that the call acts on, if the same pipeline created that identity; else null.</param>
    public void Add(Func<Task<TResult>> call, ICreated? identity = null)
    {
        var start = new Task<Task<TResult>>(call);
        Task<TResult> result = start.Unwrap();
        _calls.Enqueue(new PendingCall<TResult>(result, identity));
        lock (_unsent)
        {
            _unsent.Enqueue((start, result));
            if (_workers == throttleLimit)
            {
                return;
            }

            _workers++;
        }

        Task.Run(WorkAsync);
    }

    /// <summary>Removes the oldest call.</summary>
    public void RemoveFirst() => _calls.Dequeue();

    /// <summary>Waits until all calls have ended, in success or failure, and removes them.</summary>
    public IReadOnlyList<PendingCall<TResult>> Drain()
    {
        PendingCall<TResult>[] ended = _calls.ToArray();
        _calls.Clear();
        Task.WhenAll(ended.Select(call => call.Result)).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        return ended;
    }

    /// <summary>
    /// Makes one call after another. A worker that takes the next call by itself saves a turn of the thread pool between
    /// two calls.
    /// </summary>
    private async Task WorkAsync()
    {
        while (TakeUnsent() is { } call)
        {
            call.Start.RunSynchronously(TaskScheduler.Default);
            await Task.WhenAny(call.Result).ConfigureAwait(false);
        }
    }

    /// <returns>Null if no call is left to send; the worker then ends.</returns>
    private (Task Start, Task<TResult> Result)? TakeUnsent()
    {
        lock (_unsent)
        {
            if (_unsent.Count > 0)
            {
                return _unsent.Dequeue();
            }

            _workers--;
            return null;
        }
    }
}
