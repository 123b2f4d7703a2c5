using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Authentication;

/// <summary>The request signatures that the emulator accepts and denies.</summary>
public sealed class RequestSignatureTests : IDisposable
{
    private const string Target = "/identities?api-version=2023-10-01";
    private const string OtherKey = "b3RoZXIga2V5";

    private static readonly DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Func<string, EmulatorRequest>> _forgeries = new()
    {
        ["wrong key"] = _ => SignedRequest.Create(OtherKey, "POST", Target, date: _now),
        ["changed path"] = key => Retarget(key, "/identities/x?api-version=2023-10-01"),
        ["changed query"] = key => Retarget(key, "/identities?api-version=2022-10-01"),
        ["decoded path"] = key => Resign(key, "/identities/8%3Aacs/:revokeAccessTokens?api-version=2023-10-01", "/identities/8:acs/:revokeAccessTokens?api-version=2023-10-01"),
        ["changed method"] = key => Signed(key) with { Method = "DELETE" },
        ["changed host"] = key => Signed(key).With(("Host", "elsewhere:7080")),
        ["changed date"] = key => Signed(key).With(("x-ms-date", _now.AddSeconds(1).ToString("r", CultureInfo.InvariantCulture))),
        ["changed hash"] = key => Signed(key).With(("x-ms-content-sha256", "AAAA")),
        ["no authorization"] = key => Signed(key).With(("Authorization", null)),
        ["no date"] = key => Signed(key).With(("x-ms-date", null)),
        ["no hash"] = key => Signed(key).With(("x-ms-content-sha256", null)),
        ["no host"] = key => Signed(key).With(("Host", null)),
        ["other scheme"] = key => Signed(key).With(("Authorization", "Basic dXNlcjpwYXNz")),
        ["bearer"] = key => Signed(key).With(("Authorization", "Bearer token")),
        ["empty signature"] = key => Signed(key).With(("Authorization", "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=")),
        ["signature right but for its end"] = key => Signed(key).With(("Authorization", Signed(key).Headers["Authorization"][..^5] + "AAAA=")),
        ["reordered signed headers"] = key => Signed(key).With(
            ("Authorization", Signed(key).Headers["Authorization"].Replace("x-ms-date;host;", "host;x-ms-date;", StringComparison.Ordinal))),
        ["date in another form"] = key => Signed(key).With(("x-ms-date", "2026-11-22T12:00:00Z")),
    };

    private readonly IdentityEmulator _emulator = new(new EmulatorOptions { Clock = new ManualClock(_now) });

    public static TheoryData<string> Forgeries() => [.. _forgeries.Keys];

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void Forged_request_is_denied(string name)
    {
        EmulatorResponse response = _emulator.Handle(_forgeries[name](_emulator.AccessKey));

        Assert.Equal(401, response.Status);
        Assert.Equal("""{"error":{"code":"Denied","message":"Denied by the resource provider."}}""", Encoding.UTF8.GetString(response.Body));
        Assert.Equal(0, _emulator.IdentityCount);
    }

    [Fact]
    public void Changed_body_is_denied_as_recorded()
    {
        EmulatorRequest request = Signed(_emulator.AccessKey);

        EmulatorResponse response = _emulator.Handle(request with { Body = "{\"expiresInMinutes\":60}"u8.ToArray() });

        Assert.Equal(401, response.Status);
        Assert.Equal(
            """{"error":{"code":"Denied","message":"Request 'x-ms-content-sha256' differs from generated content hash."}}""",
            Encoding.UTF8.GetString(response.Body));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(5)]
    public void Date_within_the_window_is_accepted(int minutes)
    {
        Assert.Equal(201, _emulator.Handle(SignedRequest.Create(_emulator.AccessKey, "POST", Target, date: _now.AddMinutes(minutes))).Status);
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public void Date_outside_the_window_is_refused_with_the_window(int seconds)
    {
        EmulatorResponse response = _emulator.Handle(SignedRequest.Create(_emulator.AccessKey, "POST", Target, date: _now.AddSeconds(seconds)));

        Assert.Equal(401, response.Status);
        Assert.Equal(
            """{"error":{"code":"Denied","message":"The time difference between the originating client and the server is greater than the allowed margin of 5 minutes."}}""",
            Encoding.UTF8.GetString(response.Body));
        Assert.Equal(0, _emulator.IdentityCount);
    }

    [Fact]
    public void Signature_with_the_date_header_is_accepted()
    {
        EmulatorRequest request = Signed(_emulator.AccessKey);
        string authorization = request.Headers["Authorization"].Replace("x-ms-date;", "date;", StringComparison.Ordinal);

        EmulatorResponse response = _emulator.Handle(
            request.With(("Date", request.Headers["x-ms-date"]), ("x-ms-date", null), ("Authorization", authorization)));

        Assert.Equal(201, response.Status);
    }

    [Fact]
    public void Scheme_and_signed_headers_ignore_case()
    {
        EmulatorRequest request = Signed(_emulator.AccessKey);
        string authorization = request.Headers["Authorization"].Replace("HMAC-SHA256 SignedHeaders=x-ms-date", "hmac-sha256 signedheaders=X-MS-Date", StringComparison.Ordinal);

        Assert.Equal(201, _emulator.Handle(request.With(("Authorization", authorization))).Status);
    }

    private static EmulatorRequest Signed(string key) => SignedRequest.Create(key, "POST", Target, "{}", _now);

    private static EmulatorRequest Retarget(string key, string target) => Signed(key) with { RawTarget = target };

    private static EmulatorRequest Resign(string key, string sent, string signed) =>
        SignedRequest.Create(key, "POST", signed, date: _now) with { RawTarget = sent };
}
