using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Ports;
using CsCheck;
using Xunit;

namespace AcsIdentity.Tests.Calls;

/// <summary>Compares the call queue with a model of it in random runs. CsCheck shortens a run that fails.</summary>
public sealed class CallQueueTests
{
    private enum Step
    {
        Add,
        EndOldest,
        EndNewest,
        FailOldest,
        CancelNewest,
        Remove,
    }

    private static readonly Gen<Step[]> _steps = Gen.Int[0, 5].Select(number => (Step)number).Array[0, 120];

    [Fact]
    public void Sends_in_order_up_to_the_limit_and_returns_results_in_order() =>
        Gen.Select(Gen.Int[1, 6], _steps).Sample(
            (limit, steps) =>
            {
                var run = new Run(limit);
                foreach (Step step in steps)
                {
                    run.Take(step);
                }

                run.RemoveAll();
            },
            iter: 300);

    [Fact]
    public void Drain_waits_for_every_call_and_returns_all_that_were_not_removed() =>
        Gen.Select(Gen.Int[1, 6], _steps).Sample(
            (limit, steps) =>
            {
                var run = new Run(limit);
                foreach (Step step in steps)
                {
                    run.Take(step);
                }

                run.Drain();
            },
            iter: 300);

    [Fact]
    public void Call_keeps_its_identity_and_an_empty_queue_has_no_result()
    {
        var queue = new CallQueue<string>(2);
        Assert.False(queue.HasResult);

        var identity = new Created();
        queue.Add(() => Task.FromResult("first"), identity: identity);
        queue.Add(() => Task.FromResult("second"));

        Assert.Same(identity, queue.First.Identity);
        queue.RemoveFirst();
        Assert.Null(queue.First.Identity);
    }

    [Fact]
    public async Task Drain_returns_only_calls_that_have_ended()
    {
        var answer = new TaskCompletionSource<string>();
        var queue = new CallQueue<string>(1);
        queue.Add(() => answer.Task);

        Task<bool> allHadEnded = Task.Run(() => queue.Drain().All(call => call.Result.IsCompleted));
        // Time for a Drain that does not wait. One that waits needs none.
        SpinWait.SpinUntil(() => allHadEnded.IsCompleted, TimeSpan.FromMilliseconds(200));
        answer.SetResult("result");

        Assert.True(await allHadEnded);
    }

    [Fact]
    public void With_a_limit_of_1_the_thread_that_adds_a_call_starts_it() => RunIn(context: null, () =>
    {
        var queue = new CallQueue<int>(1);
        for (int i = 0; i < 100; i++)
        {
            queue.Add(async () =>
            {
                int thread = Environment.CurrentManagedThreadId;
                // The call ends on another thread, which must not start the next one.
                await Task.Yield();
                return thread;
            });

            Assert.Equal(Environment.CurrentManagedThreadId, TakeResult(queue));
        }
    });

    [Fact]
    public void With_a_higher_limit_the_thread_that_adds_calls_starts_none() => RunIn(context: null, () =>
    {
        var queue = new CallQueue<int>(2);
        for (int i = 0; i < 8; i++)
        {
            queue.Add(() => Task.FromResult(Environment.CurrentManagedThreadId));
        }

        while (queue.Count > 0)
        {
            Assert.NotEqual(Environment.CurrentManagedThreadId, TakeResult(queue));
        }
    });

    [Fact]
    public void A_call_does_not_need_a_thread_that_has_a_SynchronizationContext_and_waits() => RunIn(new BusyThread(), () =>
    {
        var queue = new CallQueue<string>(1);
        queue.Add(async () =>
        {
            await Task.Yield();
            return "result";
        });

        Assert.Equal("result", TakeResult(queue));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_call_that_throws_has_failed_and_its_failure_names_the_subject(int limit) => RunIn(context: null, () =>
    {
        var failure = new AcsServiceException(FailureKind.Throttled, new Uri("https://localhost/"), "refused");
        var queue = new CallQueue<string>(limit);
        queue.Add(() => throw failure, "an id", "a tag");

        Assert.Same(failure, Assert.Throws<AcsServiceException>(() => TakeResult(queue)));
        Assert.Equal(("an id", "a tag"), (failure.Subject, failure.Tag));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_call_sets_in_an_AsyncLocal_stays_in_the_call(int limit) => RunIn(context: null, () =>
    {
        var local = new AsyncLocal<string> { Value = "the pipeline's" };
        var answer = new TaskCompletionSource();
        var queue = new CallQueue<string>(limit);
        do
        {
            queue.Add(() =>
            {
                string seen = local.Value;
                local.Value = "a call's";
                return SeenAsync(seen);
            });
        }
        while (!queue.IsFull);

        Assert.Equal("the pipeline's", local.Value);
        // With a limit of 2, this thread ends the first two calls and starts the others.
        answer.SetResult();
        Assert.Equal("the pipeline's", local.Value);
        while (queue.Count > 0)
        {
            Assert.Equal("the pipeline's", TakeResult(queue));
        }

        async Task<string> SeenAsync(string seen)
        {
            await answer.Task.ConfigureAwait(false);
            return seen;
        }
    });

    [Fact]
    public void A_call_is_sent_if_the_context_does_not_flow() => RunIn(context: null, () =>
    {
        var queue = new CallQueue<string>(1);
        using (ExecutionContext.SuppressFlow())
        {
            queue.Add(() => Task.FromResult("result"));
        }

        Assert.Equal("result", TakeResult(queue));
    });

    [Fact]
    public void The_wait_for_a_result_has_a_time_limit()
    {
        var answer = new TaskCompletionSource<string>();
        var queue = new CallQueue<string>(1);
        queue.Add(() => answer.Task);

        Assert.False(queue.WaitForFirst(1));
        answer.SetResult("result");

        Assert.Equal("result", TakeResult(queue));
    }

    /// <summary>Runs a test on this thread with another context than xunit's. The pipeline thread has none in most hosts.</summary>
    private static void RunIn(SynchronizationContext? context, Action test)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            test();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Waits for the result of the oldest call, and removes the call.</summary>
    private static T TakeResult<T>(CallQueue<T> queue)
    {
        Assert.True(queue.WaitForFirst(30_000));
        Task<T> result = queue.First.Result;
        queue.RemoveFirst();
        return result.GetAwaiter().GetResult();
    }

    /// <summary>A thread that never gets to the work that it is sent.</summary>
    private sealed class BusyThread : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }

    private sealed record Created : ICreated
    {
        public string Id => "a";

        public CreationRun? CreatedBy => null;
    }

    /// <summary>One run: the queue, the calls that were made, and what the model expects.</summary>
    private sealed class Run(int limit)
    {
        private readonly CallQueue<string> _queue = new(limit);
        private readonly List<TaskCompletionSource<string>> _sent = [];
        private readonly Dictionary<int, TaskStatus> _ended = [];
        private int _added;
        private int _removed;
        private int _inFlight;
        private int _mostInFlight;

        public void Take(Step step)
        {
            switch (step)
            {
                case Step.Add when !_queue.IsFull:
                    Add();
                    break;
                case Step.EndOldest:
                    End(first: true, TaskStatus.RanToCompletion);
                    break;
                case Step.EndNewest:
                    End(first: false, TaskStatus.RanToCompletion);
                    break;
                case Step.FailOldest:
                    End(first: true, TaskStatus.Faulted);
                    break;
                case Step.CancelNewest:
                    End(first: false, TaskStatus.Canceled);
                    break;
                case Step.Remove when _ended.ContainsKey(_removed):
                    RemoveFirst();
                    break;
            }

            Assert.Equal(_added - _removed, _queue.Count);
            Assert.False(_queue.HasResult && !_ended.ContainsKey(_removed));
            Assert.Equal(_queue.Count >= (limit == 1 ? 1 : 4 * limit), _queue.IsFull);
        }

        public void RemoveAll()
        {
            while (_queue.Count > 0)
            {
                End(first: true, TaskStatus.RanToCompletion);
                if (_ended.ContainsKey(_removed))
                {
                    RemoveFirst();
                }
            }

            AssertAllWereSent();
        }

        public void Drain()
        {
            int expected = _queue.Count;
            int firstLeft = _removed;
            Task<IReadOnlyList<PendingCall<string>>> draining = Task.Run(_queue.Drain);
            while (_ended.Count < _added)
            {
                Assert.False(draining.IsCompleted);
                End(first: false, TaskStatus.RanToCompletion);
            }

            Assert.True(draining.Wait(TimeSpan.FromSeconds(30)));
            Assert.Equal(0, _queue.Count);
            Assert.Equal(Enumerable.Range(firstLeft, expected).Select(number => _ended[number]), draining.Result.Select(call => call.Result.Status));
            AssertAllWereSent();
        }

        private void Add()
        {
            int number = _added++;
            _queue.Add(() => SendAsync(number));
            AwaitSent();
        }

        private Task<string> SendAsync(int number)
        {
            var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_sent)
            {
                Assert.Equal(number, _sent.Count);
                _mostInFlight = Math.Max(_mostInFlight, ++_inFlight);
                _sent.Add(answer);
            }

            return answer.Task;
        }

        private void End(bool first, TaskStatus status)
        {
            int number;
            lock (_sent)
            {
                IEnumerable<int> open = Enumerable.Range(0, _sent.Count).Where(sent => !_ended.ContainsKey(sent));
                number = open.Any() ? (first ? open.First() : open.Last()) : -1;
                if (number < 0)
                {
                    return;
                }

                _inFlight--;
                _ended[number] = status;
            }

            switch (status)
            {
                case TaskStatus.Faulted:
                    _sent[number].SetException(new InvalidOperationException());
                    break;
                case TaskStatus.Canceled:
                    _sent[number].SetCanceled();
                    break;
                default:
                    _sent[number].SetResult($"result {number}");
                    break;
            }

            AwaitSent();
        }

        private void RemoveFirst()
        {
            Assert.True(SpinWait.SpinUntil(() => _queue.HasResult, TimeSpan.FromSeconds(30)));
            Task<string> result = _queue.First.Result;
            Assert.Equal(_ended[_removed], result.Status);
            if (result.Status == TaskStatus.RanToCompletion)
            {
                Assert.Equal($"result {_removed}", result.Result);
            }

            _queue.RemoveFirst();
            _removed++;
        }

        /// <summary>A call is sent as soon as fewer than the limit are in flight.</summary>
        private void AwaitSent()
        {
            int expected = Math.Min(_added, _ended.Count + limit);
            SpinWait.SpinUntil(() => SentCount() >= expected, TimeSpan.FromSeconds(10));
            Assert.Equal(expected, SentCount());
        }

        private int SentCount()
        {
            lock (_sent)
            {
                return _sent.Count;
            }
        }

        private void AssertAllWereSent()
        {
            Assert.Equal(_added, _sent.Count);
            Assert.InRange(_mostInFlight, 0, limit);
        }
    }
}
