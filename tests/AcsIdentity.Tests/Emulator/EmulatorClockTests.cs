using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator;

/// <summary>The clock that a test moves. Clients keep the real time.</summary>
public sealed class EmulatorClockTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualClock _realTime = new(_noon);
    private readonly IdentityEmulator _emulator;

    public EmulatorClockTests() => _emulator = new IdentityEmulator(new EmulatorOptions { Clock = _realTime, Throttle = new ThrottleOptions { Creates = 2 } });

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public void Clock_is_the_real_time_until_it_is_moved_and_goes_on_running()
    {
        Assert.Equal(_noon, _emulator.Clock.GetUtcNow());

        _emulator.Clock.Advance(TimeSpan.FromHours(25));
        _realTime.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal((_noon.AddHours(25).AddSeconds(3), TimeSpan.FromHours(25)), (_emulator.Clock.GetUtcNow(), _emulator.Clock.Offset));
        _emulator.Clock.Set(_noon.AddDays(-7));
        Assert.Equal(_noon.AddDays(-7), _emulator.Clock.GetUtcNow());
    }

    [Fact]
    public void Tokens_expire_by_the_moved_clock_and_new_ones_live_by_it()
    {
        string first = CreateWithToken();

        _emulator.Clock.Advance(TimeSpan.FromHours(24));

        Assert.True(_emulator.Introspect(first).IsExpired);
        Assert.True(_emulator.Introspect(CreateWithToken()).IsActive);
        Assert.Equal(_noon.AddDays(1), _emulator.Requests[0].Time);
        JsonElement created = JsonDocument.Parse(Control("GET", "/emulator/identities").Body).RootElement.GetProperty("newest")[0];
        Assert.Equal(_noon.AddDays(1), created.GetProperty("createdAt").GetDateTimeOffset());
    }

    [Fact]
    public void Quota_is_free_after_the_window_has_passed_on_the_moved_clock()
    {
        CreateWithToken();
        CreateWithToken();
        _emulator.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((429, "10"), RefusedCreate());

        _emulator.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(201, Create().Status);
    }

    [Fact]
    public void Setting_the_clock_back_neither_frees_nor_blocks_the_quota()
    {
        CreateWithToken();
        CreateWithToken();

        _emulator.Clock.Set(_noon.AddYears(-1));

        Assert.Equal((429, "30"), RefusedCreate());
        _realTime.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(201, Create().Status);
    }

    [Fact]
    public void Quota_is_free_after_the_clock_was_moved_by_centuries()
    {
        // The system's timestamps may be nanoseconds, of which a long has 292 years.
        using var emulator = new IdentityEmulator(new EmulatorOptions { Throttle = new ThrottleOptions { Creates = 1 } });
        EmulatorRequest create = SignedRequest.Create(emulator.AccessKey, "POST", "/identities?api-version=2023-10-01");
        Assert.Equal(201, emulator.Handle(create).Status);

        emulator.Clock.Advance(TimeSpan.FromDays(400 * 365));

        Assert.Equal(201, emulator.Handle(create).Status);
    }

    [Fact]
    public void Clock_can_be_moved_from_end_to_end_again_and_again()
    {
        for (int i = 0; i < 10; i++)
        {
            long before = _emulator.Clock.GetTimestamp();
            _emulator.Clock.Set(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));
            _emulator.Clock.Set(new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero));

            Assert.True(_emulator.Clock.GetTimestamp() >= before);
        }
    }

    [Theory]
    [InlineData(false, 201)]
    [InlineData(true, 401)]
    public void Dates_of_requests_are_compared_with_the_moved_clock_only_if_asked(bool movesRequestDates, int status)
    {
        _emulator.Clock.Advance(TimeSpan.FromMinutes(6), movesRequestDates);

        Assert.Equal(status, Create().Status);
        Assert.Equal(movesRequestDates, _emulator.Clock.MovesRequestDates);
    }

    [Fact]
    public void Next_move_decides_about_the_dates_of_requests_again()
    {
        _emulator.Clock.Set(_noon.AddDays(1), movesRequestDates: true);
        Assert.Equal(401, Create().Status);
        Assert.Equal(201, Create(_noon.AddDays(1)).Status);

        _emulator.Clock.Advance(TimeSpan.Zero);

        Assert.Equal(201, Create().Status);
        Assert.Equal(_noon.AddDays(1), _emulator.Clock.GetUtcNow());
    }

    [Fact]
    public void Reset_sets_the_clock_to_the_real_time()
    {
        int moves = 0;
        _emulator.Clock.Moved += (_, _) => moves++;
        _emulator.Clock.Advance(TimeSpan.FromHours(25), movesRequestDates: true);

        _emulator.Reset();

        Assert.Equal((_noon, TimeSpan.Zero, false, 2), (_emulator.Clock.GetUtcNow(), _emulator.Clock.Offset, _emulator.Clock.MovesRequestDates, moves));
    }

    [Fact]
    public void Control_api_reads_and_moves_the_clock()
    {
        Assert.Equal("""{"now":"2026-11-22T12:00:00+00:00","offset":0,"requestDates":false}""", Text(Control("GET", "/emulator/clock")));
        Assert.Equal(
            """{"now":"2026-11-22T13:00:00.5+00:00","offset":3600.5,"requestDates":true}""",
            Text(Control("POST", "/emulator/clock", """{"advance":3600.5,"requestDates":true}""")));
        Assert.Equal(
            """{"now":"2026-11-22T11:00:00+00:00","offset":-3600,"requestDates":false}""",
            Text(Control("POST", "/emulator/clock", """{"now":"2026-11-22T12:00:00+01:00"}""")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"advance":1,"now":"2030-01-01T00:00:00Z"}""")]
    [InlineData("""{"advance":-1}""")]
    [InlineData("""{"advance":"1"}""")]
    [InlineData("""{"advance":1e18}""")]
    [InlineData("""{"advance":1e12}""")]
    [InlineData("""{"advance":1,"offset":1}""")]
    [InlineData("""{"advance":1,"requestDates":"true"}""")]
    [InlineData("""{"requestDates":true}""")]
    [InlineData("""{"now":5}""")]
    [InlineData("""{"now":"tomorrow"}""")]
    [InlineData("""{"now":"\ud800"}""")]
    [InlineData("""{"now":"2030-01-01T00:00:00\ud800"}""")]
    [InlineData("""{"now":"2030-01-01T00:00:00"}""")]
    [InlineData("""{"now":"2030-01-01"}""")]
    [InlineData("""{"now":"1969-12-31T23:59:59Z"}""")]
    [InlineData("""{"now":"9999-01-01T00:00:01Z"}""")]
    public void Invalid_move_is_refused(string body)
    {
        Assert.Equal(400, Control("POST", "/emulator/clock", body).Status);
        Assert.Equal(TimeSpan.Zero, _emulator.Clock.Offset);
    }

    [Fact]
    public void Other_methods_and_content_types_are_refused()
    {
        Assert.Equal(404, Control("DELETE", "/emulator/clock").Status);
        Assert.Equal(415, Control("POST", "/emulator/clock", """{"advance":1}""", "text/plain").Status);
    }

    private EmulatorResponse Create(DateTimeOffset? date = null) => _emulator.Handle(SignedRequest.Create(
        _emulator.AccessKey, "POST", "/identities?api-version=2023-10-01", """{"createTokenWithScopes":["chat"]}""", date ?? _realTime.GetUtcNow()));

    private string CreateWithToken() => JsonDocument.Parse(Create().Body).RootElement.GetProperty("accessToken").GetProperty("token").GetString()!;

    private (int Status, string RetryAfter) RefusedCreate()
    {
        EmulatorResponse refused = Create();
        return (refused.Status, refused.Headers["Retry-After"]);
    }

    private EmulatorResponse Control(string method, string path, string body = "", string contentType = "application/json") => _emulator.Handle(new EmulatorRequest
    {
        Method = method,
        RawTarget = path,
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Host"] = SignedRequest.Host, ["Content-Type"] = contentType },
        Body = Encoding.UTF8.GetBytes(body),
    });

    private static string Text(EmulatorResponse response) => Encoding.UTF8.GetString(response.Body);
}
