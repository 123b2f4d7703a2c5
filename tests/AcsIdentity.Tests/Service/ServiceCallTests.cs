using System;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Service.Quota;
using AcsIdentity.Tests.Support;
using Azure.Core;
using Azure.Core.Pipeline;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>The time limit and the cancellation of a call, on a clock that the tests move.</summary>
public sealed class ServiceCallTests : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _instant = TimeSpan.FromMilliseconds(1);

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly CancellationTokenSource _caller = new();
    private readonly OperationRateLimiter _limiter;

    public ServiceCallTests()
    {
        _limiter = new OperationRateLimiter(TimeSpan.FromSeconds(30), _clock);
        _limiter.SetLimit(int.MaxValue);
    }

    public void Dispose() => _caller.Dispose();

    [Fact]
    public async Task Time_of_the_last_attempt_is_known()
    {
        using ServiceCall call = Call(IdentityOperation.Delete);
        Assert.Null(call.SentAt);

        await call.BeginAttemptAsync();
        Assert.Equal(_clock.GetUtcNow(), call.SentAt);

        DateTimeOffset first = _clock.GetUtcNow();
        Task<bool> retrying = call.TryBeginRetryAsync(_second);
        _clock.Advance(_second);
        Assert.True(await retrying);
        Assert.Equal(first + _second, call.SentAt);
    }

    [Fact]
    public void Call_is_cancelled_at_its_time_limit()
    {
        using ServiceCall call = Call(IdentityOperation.Delete);

        _clock.Advance(_timeout - _instant);
        Assert.False(call.Token.IsCancellationRequested);

        _clock.Advance(_instant);
        Assert.True(call.Token.IsCancellationRequested);
        Assert.False(call.IsCancelledByCaller);
    }

    [Theory]
    [InlineData(0, 10, false)]
    [InlineData(0, 9.9, true)]
    [InlineData(4, 6, false)]
    [InlineData(4, 5.9, true)]
    public async Task Retry_begins_only_if_it_is_within_the_time_limit(double elapsed, double delay, bool begins)
    {
        using ServiceCall call = Call(IdentityOperation.Delete);
        _clock.Advance(TimeSpan.FromSeconds(elapsed));

        Task<bool> retrying = call.TryBeginRetryAsync(TimeSpan.FromSeconds(delay));
        Assert.Equal(!begins, retrying.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(delay));

        Assert.Equal(begins, await retrying);
    }

    [Fact]
    public async Task Retry_does_not_begin_if_another_call_is_throttled_beyond_the_time_limit()
    {
        using ServiceCall call = Call(IdentityOperation.Delete);
        Task<bool> retrying = call.TryBeginRetryAsync(_second);

        _limiter.ReportThrottled(_timeout + _second);
        _clock.Advance(_second);

        Assert.False(await retrying);
        Assert.Null(call.SentAt);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(5, true)]
    public async Task First_attempt_fails_at_once_if_the_throttle_outlasts_the_time_limit(int seconds, bool fails)
    {
        using ServiceCall call = Call(IdentityOperation.Delete);
        _clock.Advance(TimeSpan.FromSeconds(6));
        _limiter.ReportThrottled(TimeSpan.FromSeconds(seconds));

        Task beginning = call.BeginAttemptAsync();
        Assert.Equal(fails, beginning.IsCanceled);
        _clock.Advance(TimeSpan.FromSeconds(3));

        await Eventually.HoldsAsync(() => beginning.IsCompleted);
        Assert.Equal(fails, call.SentAt is null);
    }

    [Theory]
    [InlineData(IdentityOperation.Create)]
    [InlineData(IdentityOperation.Issue)]
    [InlineData(IdentityOperation.Revoke)]
    [InlineData(IdentityOperation.Delete)]
    [InlineData(IdentityOperation.Exchange)]
    public async Task Only_a_create_in_flight_gets_a_grace_period(IdentityOperation operation)
    {
        using ServiceCall call = Call(operation);
        await call.BeginAttemptAsync();

        await _caller.CancelAsync();
        _clock.Advance(TimeSpan.Zero);
        Assert.Equal(operation != IdentityOperation.Create, call.Token.IsCancellationRequested);

        _clock.Advance(TimeSpan.FromSeconds(2) - _instant);
        Assert.Equal(operation != IdentityOperation.Create, call.Token.IsCancellationRequested);

        _clock.Advance(_instant);
        Assert.True(call.Token.IsCancellationRequested);
    }

    [Fact]
    public void Create_that_was_not_sent_is_cancelled_at_once()
    {
        using ServiceCall call = Call(IdentityOperation.Create);

        _caller.Cancel();
        _clock.Advance(TimeSpan.Zero);

        Assert.True(call.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Create_between_two_attempts_is_cancelled_at_once()
    {
        using ServiceCall call = Call(IdentityOperation.Create);
        await call.BeginAttemptAsync();
        call.EndAttempt();

        await _caller.CancelAsync();
        _clock.Advance(TimeSpan.Zero);

        Assert.True(call.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Cancelled_call_begins_no_attempt()
    {
        using ServiceCall call = Call(IdentityOperation.Create);
        // The token of the call follows when the clock moves.
        await _caller.CancelAsync();

        Assert.True(call.BeginAttemptAsync().IsCanceled);
        Assert.Null(call.SentAt);
    }

    [Fact]
    public async Task Cancelled_call_begins_no_retry_and_reports_the_cancellation()
    {
        using ServiceCall call = Call(IdentityOperation.Create);
        await call.BeginAttemptAsync();
        call.EndAttempt();
        await _caller.CancelAsync();

        Assert.True(call.TryBeginRetryAsync(_second).IsCanceled);
    }

    [Fact]
    public async Task Cancellation_during_the_delay_of_a_retry_is_reported()
    {
        using ServiceCall call = Call(IdentityOperation.Create);
        Task<bool> retrying = call.TryBeginRetryAsync(_second);

        await _caller.CancelAsync();
        _clock.Advance(TimeSpan.Zero);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => retrying);
    }

    [Fact]
    public async Task Call_that_times_out_before_the_quota_permits_a_retry_begins_none()
    {
        var limiter = new OperationRateLimiter(TimeSpan.FromMinutes(10), _clock);
        limiter.SetLimit(1);
        using var call = new ServiceCall(IdentityOperation.Delete, limiter, _timeout, _clock, _caller.Token);
        await call.BeginAttemptAsync();
        Task<bool> retrying = call.TryBeginRetryAsync(TimeSpan.Zero);

        _clock.Advance(_timeout);

        Assert.False(await retrying);
    }

    [Fact]
    public void Outcome_is_unknown_only_for_a_create_that_may_have_succeeded()
    {
        using ServiceCall create = Call(IdentityOperation.Create);
        using ServiceCall delete = Call(IdentityOperation.Delete);
        Assert.False(create.IsOutcomeUnknown);

        create.MayHaveSucceeded = true;
        delete.MayHaveSucceeded = true;

        Assert.True(create.IsOutcomeUnknown);
        Assert.False(delete.IsOutcomeUnknown);
    }

    [Fact]
    public async Task Messages_have_their_call_and_its_request_id_within_the_scope_only()
    {
        using var handler = new StubAuthority();
        using var transport = new HttpClientTransport(handler);
        HttpPipeline pipeline = HttpPipelineBuilder.Build(new TestClientOptions { Transport = transport });
        using ServiceCall call = Call(IdentityOperation.Delete);

        using (call.OnMessages())
        {
            using HttpMessage within = await SendAsync(pipeline);
            Assert.Same(call, ServiceCall.Of(within));
            Assert.Equal(call.RequestId, within.Request.ClientRequestId);
        }

        using HttpMessage after = await SendAsync(pipeline);
        Assert.Throws<InvalidOperationException>(() => ServiceCall.Of(after));
        Assert.NotEqual(call.RequestId, after.Request.ClientRequestId);
    }

    [Fact]
    public void Disposed_call_ignores_a_cancellation_and_leaves_no_timer()
    {
        Call(IdentityOperation.Delete).Dispose();

        Assert.Empty(_clock.Timers);
        _caller.Cancel();
    }

    private ServiceCall Call(IdentityOperation operation) => new(operation, _limiter, _timeout, _clock, _caller.Token);

    private static async Task<HttpMessage> SendAsync(HttpPipeline pipeline)
    {
        HttpMessage message = pipeline.CreateMessage();
        message.Request.Uri.Reset(new Uri("https://localhost/"));
        await pipeline.SendAsync(message, CancellationToken.None);
        return message;
    }

    private sealed class TestClientOptions : ClientOptions;
}
