using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace AcsIdentity.Calls;

/// <summary>
/// Calls to the service, a limited number of them in flight, in the order in which their results are to be written. To be
/// used from one thread; the calls themselves run on the thread pool.
/// </summary>
/// <param name="throttleLimit">How many calls may be in flight.</param>
internal sealed class CallQueue<TResult>(int throttleLimit)
{
    /// <summary>Room for results that wait for a slower one before them, so that this one does not leave the lanes idle.</summary>
    private const int PlacesPerLane = 4;

    private readonly Queue<Call> _calls = new();
    private readonly Queue<(Task Start, Task<TResult> Result)> _waiting = new();
    private int _lanes;

    /// <summary>How many calls have not been removed.</summary>
    public int Count => _calls.Count;

    /// <summary>Whether one has to be removed before another is added.</summary>
    public bool IsFull => _calls.Count >= throttleLimit * PlacesPerLane;

    /// <summary>The call whose result is to be written next.</summary>
    public Call First => _calls.Peek();

    /// <summary>Whether there is a result to write.</summary>
    public bool HasResult => _calls.Count > 0 && First.Result.IsCompleted;

    /// <summary>Starts a call as soon as a lane is free.</summary>
    /// <param name="call">The call.</param>
    /// <param name="identity">The identity that it is about, where that was created by the same pipeline; else null.</param>
    public void Add(Func<Task<TResult>> call, ICreated? identity)
    {
        var start = new Task<Task<TResult>>(call);
        Task<TResult> result = start.Unwrap();
        _calls.Enqueue(new Call(result, identity));
        lock (_waiting)
        {
            _waiting.Enqueue((start, result));
            if (_lanes == throttleLimit)
            {
                return;
            }

            _lanes++;
        }

        Task.Run(ServeAsync);
    }

    /// <summary>Removes the first call.</summary>
    public void RemoveFirst() => _calls.Dequeue();

    /// <summary>Waits until all calls have ended, well or not, and removes them.</summary>
    public IReadOnlyList<Call> Drain()
    {
        Call[] ended = _calls.ToArray();
        _calls.Clear();
        Task.WhenAll(ended.Select(call => call.Result)).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        return ended;
    }

    /// <summary>
    /// A lane. It makes one call after another by itself: to hand a free lane over to a task that waits for it costs
    /// a turn of the thread pool between any two calls.
    /// </summary>
    private async Task ServeAsync()
    {
        while (TakeWaiting() is { } call)
        {
            call.Start.RunSynchronously(TaskScheduler.Default);
            await Task.WhenAny(call.Result).ConfigureAwait(false);
        }
    }

    /// <returns>Null where none waits; then the lane is no more.</returns>
    private (Task Start, Task<TResult> Result)? TakeWaiting()
    {
        lock (_waiting)
        {
            if (_waiting.Count > 0)
            {
                return _waiting.Dequeue();
            }

            _lanes--;
            return null;
        }
    }

    /// <summary>A call that has been added.</summary>
    /// <param name="Result">What comes of it.</param>
    /// <param name="Identity">The identity that it is about, where that was created by the same pipeline; else null.</param>
    internal sealed record Call(Task<TResult> Result, ICreated? Identity);
}
