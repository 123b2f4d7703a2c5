using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>Runs a program, and measures how long it runs or reads what it writes.</summary>
internal static class TimedProcess
{
    /// <returns>The seconds from the start of the program to its end.</returns>
    /// <exception cref="InvalidOperationException">The program failed; the message has its output.</exception>
    public static async Task<double> RunAsync(ProcessStartInfo start, CancellationToken stopping) => (await MeasureAsync(start, stopping)).Seconds;

    /// <returns>The output of the program.</returns>
    /// <exception cref="InvalidOperationException">The program failed; the message has its output.</exception>
    public static async Task<string> ReadAsync(ProcessStartInfo start, CancellationToken stopping) => (await MeasureAsync(start, stopping)).Output;

    private static async Task<(double Seconds, string Output)> MeasureAsync(ProcessStartInfo start, CancellationToken stopping)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(stopping);
        string error = await process.StandardError.ReadToEndAsync(stopping);
        await process.WaitForExitAsync(stopping);
        double seconds = watch.Elapsed.TotalSeconds;
        return process.ExitCode == 0
            ? (seconds, await output)
            : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}: {error}{await output}");
    }
}
