using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Calls;
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
        queue.Add(() => Task.FromResult("first"), identity);
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
            Task<string> result = _queue.First.Result;
            Assert.True(SpinWait.SpinUntil(() => _queue.HasResult, TimeSpan.FromSeconds(30)));
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
