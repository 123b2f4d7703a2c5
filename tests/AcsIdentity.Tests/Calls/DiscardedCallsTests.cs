using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using AcsIdentity.Calls;
using AcsIdentity.Ports;
using Xunit;

namespace AcsIdentity.Tests.Calls;

public sealed class DiscardedCallsTests
{
    private static readonly Uri _endpoint = new("https://localhost/");

    [Fact]
    public void Every_call_that_may_have_created_something_is_either_a_result_or_an_unknown_outcome()
    {
        var unknown = new AcsServiceException(FailureKind.OutcomeUnknown, _endpoint, "lost");
        var discarded = new DiscardedCalls<string>(
        [
            Call(Task.FromResult("first")),
            Call(Task.FromException<string>(unknown)),
            Call(Task.FromException<string>(new AcsServiceException(FailureKind.Throttled, _endpoint, "refused"))),
            Call(Task.FromException<string>(new OperationCanceledException())),
            Call(Task.FromCanceled<string>(new System.Threading.CancellationToken(canceled: true))),
            Call(Task.FromResult("second")),
        ]);

        Assert.Equal(["first", "second"], discarded.Results);
        Assert.Equal([unknown], discarded.UnknownOutcomes);
    }

    [Fact]
    public void Identity_of_the_same_pipeline_is_named_once_unless_the_call_deleted_it()
    {
        var run = new CreationRun();
        Task<string> deleted = Task.FromResult("deleted");
        PendingCall<string>[] calls =
        [
            Call(Task.FromResult("issued"), new Created("a", run)),
            Call(Task.FromResult("issued"), new Created("a", run)),
            Call(deleted, new Created("b", run)),
            Call(Task.FromCanceled<string>(new System.Threading.CancellationToken(canceled: true)), new Created("c", run)),
            Call(Task.FromResult("issued"), new Created("d", null)),
            Call(Task.FromResult("issued")),
        ];

        Assert.Equal(["a", "c"], new DiscardedCalls<string>(calls).NameUnfinished(call => call != deleted));
        Assert.Empty(new DiscardedCalls<string>(calls).NameUnfinished(call => call != deleted));
    }

    [Fact]
    public void Output_belongs_to_the_pipeline_once_it_is_read()
    {
        int reads = 0;
        var output = new PipelineOutput<string>("result", () => reads++);
        IEnumerable<string> sequence = output.Read();
        Assert.Equal((false, 0), (output.IsRead, reads));

        Assert.Equal("result", sequence.Single());
        Assert.Equal((true, 1), (output.IsRead, reads));
    }

    [Fact]
    public void Creation_run_is_over_once_it_ended()
    {
        var run = new CreationRun();
        Assert.False(run.IsOver);

        run.End();

        Assert.True(run.IsOver);
    }

    private static PendingCall<string> Call(Task<string> result, ICreated? identity = null)
    {
        var call = new PendingCall<string>(() => result, subject: null, tag: null, identity);
        call.Start();
        call.End();
        return call;
    }

    private sealed record Created(string Id, CreationRun? CreatedBy) : ICreated;
}
