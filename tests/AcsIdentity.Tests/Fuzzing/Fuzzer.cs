using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>Runs a target on generated inputs. A failure shows the input and the seed that makes it again.</summary>
internal static class Fuzzer
{
    private const int InputsInSuite = 500;
    private const int LongestPrint = 2000;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    /// <summary>Whether the task Fuzz runs, not the suite. Only the task measures times.</summary>
    public static bool IsTask { get; } = Environment.GetEnvironmentVariable("CsCheck_Iter") is not null || Environment.GetEnvironmentVariable("CsCheck_Time") is not null;

    public static void Run<T>(ITestOutputHelper output, Gen<T> inputs, Action<T> check, Func<T, string> print)
    {
        long count = 0;
        Action<T> measured = IsTask ? input => Measure(() => check(input)) : check;
        try
        {
            inputs.Sample(
                input =>
                {
                    count++;
                    measured(input);
                },
                iter: IsTask ? -1 : InputsInSuite,
                // The targets run beside each other already, and a run with one thread can be repeated.
                threads: 1,
                print: input => Visible(print(input)));
        }
        finally
        {
            // build.ps1 reads this.
            output.WriteLine(FormattableString.Invariant($"{count} inputs"));
        }
    }

    /// <summary>Fails if the input takes more than 2 s, twice: the first time the machine may have been busy.</summary>
    private static void Measure(Action check)
    {
        if (IsTooSlow(check) && IsTooSlow(check))
        {
            throw new TimeoutException($"The input takes more than {_limit.TotalSeconds} s.");
        }
    }

    private static bool IsTooSlow(Action check)
    {
        var watch = Stopwatch.StartNew();
        check();
        return watch.Elapsed > _limit;
    }

    private static string Visible(string text)
    {
        var visible = new StringBuilder();
        foreach (char character in text.Length > LongestPrint ? text.AsSpan(0, LongestPrint) : text)
        {
            _ = character is >= ' ' and <= '~' ? visible.Append(character) : visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return text.Length > LongestPrint ? $"{visible}... ({text.Length} characters)" : visible.ToString();
    }
}
