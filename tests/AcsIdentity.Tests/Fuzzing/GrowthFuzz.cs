using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Tasks;
using AcsIdentity.Connections;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Ledger.Tables;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Service;
using AcsIdentity.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>Long inputs of one repeated piece: an input of 8 times the length must not need 64 times as much.</summary>
/// <remarks>The suite compares allocated bytes, which are the same in every run. The task also compares times.</remarks>
public sealed class GrowthFuzz(ITestOutputHelper output)
{
    private const int Length = 1_000;
    private const int Growth = 8;

    /// <summary>The length whose time the task measures. The emulator accepts bodies of 64 KiB.</summary>
    private const int LongLength = 64_000;

    /// <summary>Between 8, for a parser whose work grows with the length, and 64, for one that grows with its square.</summary>
    private const double MostGrowth = 24;

    /// <summary>Bytes that do not count: most parsers refuse most inputs at their first character.</summary>
    private const int Little = 10_000;

    /// <summary>A shorter time says nothing about the growth on a busy machine.</summary>
    private static readonly TimeSpan _measurable = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(20);

    /// <summary>№ stands for a number, which makes each piece another one.</summary>
    private static readonly string[] _pieces =
    [
        "a", "A", "0", "1", ".", "/", "../", "/./", "\\", "=", ";", ":", "&", "%", "%41", "%ff", "+", "-", "_", ",", " ", "\t", "\n", "\0", "\"", "\\\"", "'", "[", "]", "{", "}", "<", ">", "@", "#", "?",
        "a=", "a=b;", "a=b&", "=&", "1d", "1h ", "1.", "1.1", "AccountKey ", "AccountKey=", "8:acs:", "00000000-", "[1,", "{\"a\":", "\"a\":1,", "\"a\",", "\u00e9", "\u202e", "\ud800", "\ud83d\ude00", "IA", "e30.",
        "a/№ ", "№,", "\"№\",", "\"a№\":1,", "a№=1&", "a№=b;", "№/",
    ];

    /// <summary>The parsers. The star stands for the repeated piece.</summary>
    private static readonly Dictionary<string, (string[] Frames, Action<string> Parse)> _parsers = new()
    {
        ["connection string"] = (
            ["*", "endpoint=https://r/;accesskey=*", "endpoint=https://*/;accesskey=YQ==", "endpoint=https://r/*;accesskey=YQ==", "endpoint=http://localhost/;*accesskey=YQ=="],
            text => Expect.Documented<FormatException>(() => ConnectionString.Parse(text))),
        ["ledger"] = (["*", "https://a.table.core.windows.net/*", "https://*/acs"], text => Expect.Documented<FormatException>(() => LedgerLocation.Parse(text, "-Ledger", path => path))),
        ["table"] = (["https://a.table.core.windows.net/*/acs", "https://*/acs"], ParseTable),
        ["id"] = (["*", "8:acs:*", "8:acs:11111111-28b9-4ae5-8f9c-1a1f3a1b2c01_*"], text => Expect.Documented<ArgumentException>(() => AcsId.RequireTokenOwner(text))),
        ["first id"] = (["*", "8:acs:*"], text => Expect.Documented<ArgumentException>(() => IdentityId.RequireOneResource([text]))),
        ["token"] = (["*", "e30.*.e30", "e30.e30.*"], text => Expect.Documented<FormatException>(() => CommunicationTokenClaims.Read(text))),
        ["claims"] = (["*", "{*}", "{\"acsScope\":\"*\"}", "{\"skypeid\":\"*\",\"x\":[*]}"], text => Expect.Documented<FormatException>(() => CommunicationTokenClaims.Read($"e30.{Jwt.Encode(text)}.e30"))),
        ["emulator token"] = (["*", "{*}", "{\"exp\":\"*\"}", "{\"exp\":*1}"], text => TeamsUserToken.TryRead($"e30.{Jwt.Encode(text)}.e30")),
        ["duration"] = (["*", "1d*", "*h", "1.*s"], text => Expect.Documented<FormatException>(() => Duration.Parse(text))),
        ["scopes"] = (["*", "chat,*"], text => TokenScope.Split([text])),
        ["visible text"] = (["*"], text => ViewText.Of(text)),
        ["answer"] = (["*", "{\"identity\":{\"id\":\"*\"}}", "{*}"], text => CreateAnswer.FindId(new BinaryData(Encoding.UTF8.GetBytes(text)))),
        ["JSON body"] = (["*", "{*}", "{\"scopes\":[*]}", "{\"now\":\"*\"}"], ParseJson),
        ["request target"] = (["/*", "/*?api-version=2023-10-01", "/identities?*", "/identities/*/:issueAccessToken?*"], target => Handle(emulator => EntraRequest.Create("GET", target))),
        ["signed body"] = (
            ["*", "{*}", "{\"createTokenWithScopes\":[\"*\"]}", "{\"createTokenWithScopes\":[*]}", "{\"customId\":\"*\"}"],
            body => Handle(emulator => SignedRequest.Create(emulator.AccessKey, "POST", FuzzRequest.Create.Target, body))),
        ["form"] = (["*", "grant_type=*", "grant_type=client_credentials&client_id=*&*"], body => Handle(emulator => EntraRequest.Create("POST", emulator.Entra.TokenPath(), body))),
        ["authorization"] = (["*", "Bearer *", "HMAC-SHA256 *", "HMAC-SHA256 SignedHeaders=*&Signature=*"], value => Handle(emulator => EntraRequest.Create("POST", FuzzRequest.Create.Target, "{}", ("Authorization", value)))),
        ["control body"] = (["*", "{*}", "{\"kind\":\"*\"}", "{\"token\":\"*\"}"], body => Handle(emulator => EntraRequest.Create("POST", "/emulator/introspect", body, ("Content-Type", "application/json")))),
        ["redirect"] = (["http://localhost/*", "*"], redirect => Handle(emulator => EntraRequest.Create("GET", $"/common/oauth2/v2.0/authorize?{EntraRequest.Form(
            [], ("response_type", "code"), ("client_id", EntraRequest.DeveloperTools), ("scope", EntraRequest.Scope), ("redirect_uri", redirect), ("code_challenge", "c"), ("state", redirect))}"))),
        ["user scope"] = (["*", "a/*", "a/b *"], scope => Handle(emulator => EntraRequest.Create("GET", $"/common/oauth2/v2.0/authorize?{EntraRequest.Form(
            [], ("response_type", "code"), ("client_id", EntraRequest.DeveloperTools), ("scope", scope), ("redirect_uri", "http://localhost/"), ("code_challenge", "c"))}"))),
    };

    private static readonly IdentityEmulator _emulator = new();

    public static TheoryData<string> Parsers() => [.. _parsers.Keys];

    [Theory]
    [MemberData(nameof(Parsers))]
    public async Task Holds(string parser)
    {
        (string[] frames, Action<string> parse) = _parsers[parser];
        int count = 0;
        foreach (string frame in frames)
        {
            foreach (string piece in _pieces)
            {
                string Input(int length) => frame.Replace("*", Repeat(piece, length), StringComparison.Ordinal);
                double growth = Allocated(parse, Input(Length * Growth)) / Allocated(parse, Input(Length));
                Assert.True(growth < MostGrowth, $"8 times as many '{piece}' in '{frame}' allocate {growth:F1} times as much.");
                count += 2;
                if (Fuzzer.IsTask)
                {
                    await Task.Run(() => RequireTime(parse, Input, $"8 times as many '{piece}' in '{frame}'")).WaitAsync(_hang);
                    count += 2;
                }
            }
        }

        output.WriteLine(FormattableString.Invariant($"{count} inputs"));
    }

    private static string Repeat(string piece, int length)
    {
        var text = new StringBuilder();
        for (int i = 0; text.Length < length; i++)
        {
            text.Append(piece.Replace("№", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        return text.ToString();
    }

    private static double Allocated(Action<string> parse, string input) => Little + Least(() =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        parse(input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });

    private static void RequireTime(Action<string> parse, Func<int, string> input, string what)
    {
        TimeSpan Time(string text) => TimeSpan.FromTicks(Least(() =>
        {
            var watch = Stopwatch.StartNew();
            parse(text);
            return watch.Elapsed.Ticks;
        }));

        TimeSpan time = Time(input(LongLength));
        if (time > _measurable)
        {
            double growth = time / Time(input(LongLength / Growth));
            Assert.True(growth < MostGrowth, $"{what} take {growth:F1} times as long, {time.TotalMilliseconds:F0} ms.");
        }
    }

    /// <summary>Measures three times: the first call also needs what it keeps, such as the key of the emulator or the buffers of a pool.</summary>
    private static long Least(Func<long> measure) => Math.Min(measure(), Math.Min(measure(), measure()));

    private static void ParseTable(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address))
        {
            Expect.Documented<FormatException>(() => TableAddress.Parse(address));
        }
    }

    private static void ParseJson(string text) => Expect.Documented<ServiceError>(() =>
    {
        using var body = JsonBody.Read(Encoding.UTF8.GetBytes(text));
        body.GetStrings("scopes");
        body.GetTime("now");
    });

    private static void Handle(Func<IdentityEmulator, EmulatorRequest> request) => Assert.InRange(_emulator.Handle(request(_emulator)).Status, 200, 499);
}
