using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Http;

/// <summary>What the emulator reads from a request: target, parameters, body.</summary>
public sealed class EmulatorRequestTests
{
    private const int MaxBodyBytes = 64 * 1024;

    [Theory]
    [InlineData("/x?a=1&b=2", "1")]
    [InlineData("/x?b=2&a=1", "1")]
    [InlineData("/x?a=1&a=2", "1")]
    [InlineData("/x?A=1", "1")]
    [InlineData("/x?%61=1", "1")]
    [InlineData("/x?a=b=c", "b=c")]
    [InlineData("/x?a=b+c%20d%2B?", "b c d+?")]
    [InlineData("/x?a=", "")]
    [InlineData("/x?a", "")]
    [InlineData("/x?=1&ab=1", null)]
    [InlineData("/x?", null)]
    [InlineData("/x", null)]
    [InlineData("a=1", null)]
    [InlineData("?a=1", "1")]
    public void Parameter_is_the_first_with_the_name(string target, string? expected)
    {
        Assert.Equal(expected, EntraRequest.Create("GET", target).QueryParameter("a"));
        if (target.IndexOf('?') is >= 0 and int start)
        {
            Assert.Equal(expected, EntraRequest.Create("POST", "/x", target[(start + 1)..]).FormParameter("a"));
        }
    }

    [Theory]
    [InlineData("/identities", "identities")]
    [InlineData("/identities/8%3Aacs%2Fx/:issueAccessToken?a=/b", "identities|8:acs/x|:issueAccessToken")]
    [InlineData("/a/?b", "a|")]
    [InlineData("/", "")]
    [InlineData("?b", "")]
    public void Path_is_decoded_by_segment_and_ends_at_the_query(string target, string segments)
    {
        Assert.Equal(segments, string.Join('|', EntraRequest.Create("GET", target).PathSegments()));
    }

    [Theory]
    [InlineData(true, "https://localhost:7443")]
    [InlineData(false, "http://localhost:7443")]
    public void Origin_has_the_scheme_and_the_host(bool isSecure, string origin)
    {
        Assert.Equal(origin, (EntraRequest.Create("GET", "/x") with { IsSecure = isSecure }).Origin);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(20_000)]
    [InlineData(MaxBodyBytes)]
    public async Task Body_is_read_to_its_end(int length)
    {
        byte[] sent = new byte[length];
        new Random(length).NextBytes(sent);

        EmulatorRequest request = await EntraRequest.Create("POST", "/x").WithBodyAsync(new MemoryStream(sent), null, TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal(sent, request.Body);
        request.RequireBodyWithinLimits();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(256)]
    public async Task Body_of_a_known_length_is_not_read_at_its_end(int length)
    {
        using var body = new CountedStream(new byte[length]);

        EmulatorRequest request = await Unsigned().WithBodyAsync(body, length, TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal((length, 1), (request.Body.Length, body.Reads));
    }

    [Fact]
    public async Task Body_is_not_read_far_over_its_limit()
    {
        using var stream = new MemoryStream(new byte[1_000_000]);

        EmulatorRequest request = await Unsigned().WithBodyAsync(stream, null, TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.InRange(stream.Position, MaxBodyBytes + 1, 2 * MaxBodyBytes);
        AssertRefused(413, """{"error":{"code":"PayloadTooLarge","message":"The request body is longer than 65536 bytes."}}""", request);
    }

    [Fact]
    public async Task Body_that_does_not_arrive_in_time_is_refused()
    {
        EmulatorRequest request = await Unsigned().WithBodyAsync(new SilentStream(), null, TimeSpan.FromMilliseconds(1), CancellationToken.None);

        Assert.Empty(request.Body);
        AssertRefused(408, """{"error":{"code":"RequestTimeout","message":"The request body did not arrive in time."}}""", request);
    }

    [Fact]
    public async Task Canceled_read_returns_no_request()
    {
        using var cancel = new CancellationTokenSource();
        Task<EmulatorRequest> reading = Unsigned().WithBodyAsync(new SilentStream(), null, TimeSpan.FromMinutes(1), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static EmulatorRequest Unsigned() => EntraRequest.Create("POST", "/identities?api-version=2023-10-01");

    private static void AssertRefused(int status, string body, EmulatorRequest request)
    {
        using var emulator = new IdentityEmulator();

        EmulatorResponse response = emulator.Handle(request);

        Assert.Equal((status, body), (response.Status, Encoding.UTF8.GetString(response.Body)));
    }

    private sealed class CountedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public int Reads { get; private set; }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Reads++;
            return base.ReadAsync(buffer, offset, count, cancellationToken);
        }
    }

    /// <summary>Never has data, and ignores the cancellation token, as the streams of HttpListener do.</summary>
    private sealed class SilentStream : MemoryStream
    {
        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => new TaskCompletionSource<int>().Task;
    }
}
