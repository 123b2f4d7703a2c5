using System;
using System.Linq;
using System.Text;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Throttling;

/// <summary>The quota of the service.</summary>
public sealed class ThrottleTests : IDisposable
{
    private const string Id = "8%3Aacs%3A2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private IdentityEmulator? _emulator;

    public void Dispose() => _emulator?.Dispose();

    [Theory]
    [InlineData("POST", "/identities", 1000)]
    [InlineData("POST", "/identities/" + Id + "/:issueAccessToken", 1000)]
    [InlineData("POST", "/identities/" + Id + "/:revokeAccessTokens", 500)]
    [InlineData("DELETE", "/identities/" + Id, 500)]
    [InlineData("POST", "/teamsUser/:exchangeAccessToken", 500)]
    public void Default_quota_is_the_documented_one(string method, string path, int quota)
    {
        Start(new ThrottleOptions());

        int answered = Enumerable.Range(0, quota + 10).Count(_ => Send(method, path).Status != 429);

        Assert.Equal(quota, answered);
    }

    [Fact]
    public void Each_operation_has_its_own_quota()
    {
        Start(new ThrottleOptions { Creates = 1 });

        Assert.Equal(201, Send("POST", "/identities").Status);
        Assert.Equal(429, Send("POST", "/identities").Status);
        Assert.Equal(401, Send("DELETE", "/identities/" + Id).Status);
    }

    [Fact]
    public void Quota_applies_to_any_window()
    {
        Start(new ThrottleOptions { Creates = 2, Window = TimeSpan.FromSeconds(30) });

        Assert.Equal(201, Send("POST", "/identities").Status);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(201, Send("POST", "/identities").Status);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(201, Send("POST", "/identities").Status);
        Assert.Equal(429, Send("POST", "/identities").Status);
    }

    [Fact]
    public void Throttled_calls_count_too()
    {
        Start(new ThrottleOptions { Creates = 1, Window = TimeSpan.FromSeconds(30) });
        Send("POST", "/identities");

        for (int i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            Assert.Equal(429, Send("POST", "/identities").Status);
        }

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(201, Send("POST", "/identities").Status);
    }

    [Fact]
    public void Call_after_the_retry_after_time_succeeds()
    {
        Start(new ThrottleOptions { Creates = 3 });
        EmulatorResponse refused;
        do
        {
            _clock.Advance(TimeSpan.FromSeconds(1.3));
            refused = Send("POST", "/identities");
        }
        while (refused.Status != 429);

        _clock.Advance(TimeSpan.FromSeconds(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture)));

        Assert.Equal(201, Send("POST", "/identities").Status);
    }

    [Fact]
    public void Throttled_response_has_the_error_json_and_can_omit_retry_after()
    {
        Start(new ThrottleOptions { Creates = 1, SendsRetryAfter = false });
        Send("POST", "/identities");

        EmulatorResponse refused = Send("POST", "/identities");

        Assert.Equal("""{"error":{"code":"TooManyRequests","message":"The resource's quota is used up."}}""", Encoding.UTF8.GetString(refused.Body));
        Assert.False(refused.Headers.ContainsKey("Retry-After"));
        Assert.Equal(1, _emulator!.IdentityCount);
    }

    [Fact]
    public void Forged_requests_do_not_count()
    {
        Start(new ThrottleOptions { Creates = 1 });

        _emulator!.Handle(SignedRequest.Create(_emulator.AccessKey, "POST", "/identities?api-version=2023-10-01").With(("Authorization", null)));

        Assert.Equal(201, Send("POST", "/identities").Status);
    }

    [Fact]
    public void Reset_makes_the_whole_quota_available()
    {
        Start(new ThrottleOptions { Creates = 1, Deletes = 1 });
        Send("POST", "/identities");
        Send("DELETE", "/identities/" + Id);

        _emulator!.Reset();

        Assert.Equal(201, Send("POST", "/identities").Status);
        Assert.Equal(401, Send("DELETE", "/identities/" + Id).Status);
        Assert.Equal(429, Send("POST", "/identities").Status);
    }

    [Fact]
    public void Default_is_no_quota()
    {
        Start(null);

        Assert.All(Enumerable.Range(0, 1100), _ => Assert.Equal(201, Send("POST", "/identities").Status));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ThrottleOptions.LargestQuota + 1)]
    public void Quota_out_of_range_is_refused(int quota)
    {
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => Start(new ThrottleOptions { Revokes = quota }));

        Assert.StartsWith("A quota must be from 1 to 1,000,000.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Largest_quota_is_accepted()
    {
        Start(new ThrottleOptions { Creates = ThrottleOptions.LargestQuota });

        Assert.Equal(201, Send("POST", "/identities").Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Window_must_be_positive(int ticks)
    {
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => Start(new ThrottleOptions { Window = TimeSpan.FromTicks(ticks) }));

        Assert.StartsWith("The window of a quota must be longer than zero.", refused.Message, StringComparison.Ordinal);
    }

    private void Start(ThrottleOptions? throttle) => _emulator = new IdentityEmulator(new EmulatorOptions { Clock = _clock, Throttle = throttle });

    private EmulatorResponse Send(string method, string path) =>
        _emulator!.Handle(SignedRequest.Create(_emulator.AccessKey, method, path + "?api-version=2023-10-01", date: _clock.GetUtcNow()));
}
