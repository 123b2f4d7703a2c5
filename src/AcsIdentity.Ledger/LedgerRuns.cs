using System;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
#if NET
using System.IO;
#endif
using AcsIdentity.Ports;

namespace AcsIdentity.Ledger;

/// <summary>
/// The runs of New-AcsIdentity in this process, and which runs of other processes are dead. Only then may another run take
/// over what they left.
/// </summary>
internal static class LedgerRuns
{
    /// <summary>How much the clocks of two machines, and two readings of the start of one process, may differ.</summary>
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromSeconds(2);

    private static readonly ConcurrentDictionary<Guid, bool> _active = [];

    /// <summary>Who runs this process, for people.</summary>
    public static string User { get; } = $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>This machine or container: a process id means something within it only.</summary>
    public static string Machine { get; } = Environment.MachineName + ReadProcessNamespace();

    /// <summary>This process: its id and its start, because ids are used again.</summary>
    public static string Process { get; } = Describe(System.Diagnostics.Process.GetCurrentProcess());

    /// <summary>Begins a run.</summary>
    public static Guid Begin()
    {
        var run = Guid.NewGuid();
        _active[run] = true;
        return run;
    }

    /// <summary>Ends a run.</summary>
    public static void End(Guid run) => _active.TryRemove(run, out _);

    /// <summary>Whether the run of an intent can no longer complete it.</summary>
    /// <param name="machine">Its <see cref="Machine"/>.</param>
    /// <param name="process">Its <see cref="Process"/>.</param>
    /// <param name="run">The run.</param>
    /// <param name="endsBy">When its call will have ended, as in <see cref="CreateIntent.EndsBy"/>.</param>
    /// <param name="now">The time.</param>
    public static bool IsDead(string machine, string process, Guid run, DateTimeOffset endsBy, DateTimeOffset now) =>
        endsBy < now
        || (machine == Machine && (process == Process ? !_active.ContainsKey(run) : !IsRunning(process)));

    private static bool IsRunning(string process)
    {
        string[] parts = process.Split('@');
        try
        {
            using var candidate = System.Diagnostics.Process.GetProcessById(int.Parse(parts[0], CultureInfo.InvariantCulture));
            var start = DateTime.Parse(parts[1], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
            return (candidate.StartTime.ToUniversalTime() - start).Duration() <= _clockTolerance;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // It ended meanwhile.
            return false;
        }
        catch (Win32Exception)
        {
            // Another user's process: nothing tells when it started.
            return true;
        }
    }

    private static string Describe(Process process)
    {
        using (process)
        {
            return FormattableString.Invariant($"{process.Id}@{process.StartTime.ToUniversalTime():O}");
        }
    }

    /// <summary>Containers of one host may have the same name, and each has its own process ids. Linux names their namespace.</summary>
    private static string ReadProcessNamespace()
    {
#if NET
        try
        {
            return new FileInfo("/proc/self/ns/pid").LinkTarget is { } name ? "/" + name : "";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "";
        }
#else
        return "";
#endif
    }
}
