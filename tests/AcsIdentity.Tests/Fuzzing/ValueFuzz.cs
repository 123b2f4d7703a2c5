using System;
using System.Linq;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>Small values: durations, scopes, times, and the text that people see.</summary>
public sealed class ValueFuzz(ITestOutputHelper output)
{
    private static readonly string[] _members = ["now", "advance", "requestDates", "scopes"];

    [Fact]
    public void Holds() => Fuzzer.Run(
        output,
        Mutation.Of("2h", "1h30m", "1d 2h 3m 4.5s 6ms", "500ms", "02:00:00", "1.02:03:04.0000005", "chat,voip", "chat.join; VOIP chat", "text"),
        Check,
        text => text);

    [Fact]
    public void Json_holds() => Fuzzer.Run(
        output,
        Gen.Select(
            Mutation.Of("2026-11-26T12:00:00Z", "2026-11-26T12:00:00.1234567+01:00", "2026-11-26"),
            Mutation.Any,
            (time, mutation) => mutation.Apply($$$"""{"now":"{{{time}}}","advance":1.5,"requestDates":true,"scopes":["a","b"],"x":{"y":[]}}""")),
        CheckJson,
        json => json);

    private static void Check(string text)
    {
        if (Expect.Documented<FormatException>(() => Duration.Parse(text)))
        {
            TimeSpan duration = Duration.Parse(text);
            Assert.Equal(duration, Duration.Parse(duration.ToString()));
        }

        string[] scopes = TokenScope.Split([text]);
        Assert.Equal(scopes, TokenScope.Split([string.Join(",", scopes)]));
        Expect.Documented<ArgumentException>(() => TokenScope.Require([text]));

        string visible = ViewText.Of(text);
        Assert.DoesNotContain(visible, char.IsControl);
        Assert.Equal(visible, ViewText.Of(visible));
    }

    private static void CheckJson(string json)
    {
        if (!Expect.Documented<ServiceError>(() => JsonBody.Read(System.Text.Encoding.UTF8.GetBytes(json)).Dispose()))
        {
            return;
        }

        using var body = JsonBody.Read(System.Text.Encoding.UTF8.GetBytes(json));
        foreach (string name in _members)
        {
            Expect.Documented<ServiceError>(() => body.GetString(name));
            Expect.Documented<ServiceError>(() => body.GetInteger(name));
            Expect.Documented<ServiceError>(() => body.GetNumber(name));
            Expect.Documented<ServiceError>(() => body.GetBoolean(name));
            Expect.Documented<ServiceError>(() => _ = body.GetStrings(name));
            Expect.Documented<ServiceError>(() =>
            {
                if (body.GetTime(name) is { } time)
                {
                    Assert.Equal(time, DateTimeOffset.Parse(EmulatorResponse.Timestamp(time), System.Globalization.CultureInfo.InvariantCulture));
                }
            });
        }

        Expect.Documented<ServiceError>(() => _ = body.GetObjects().ToArray());
        Expect.Documented<ServiceError>(() => body.AllowOnly(_members));
    }
}
