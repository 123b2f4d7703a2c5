using System;
using System.CommandLine;
using System.Diagnostics;
using AcsIdentity.Emulator;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Benchmarks;

/// <summary>Measures the memory that a million identities need.</summary>
internal sealed class MemoryCommand : Command
{
    private const int Identities = 1_000_000;
    private const double MiB = 1024 * 1024;

    public MemoryCommand()
        : base("memory", "Memory that a million identities need.")
    {
        SetAction(_ => Run());
    }

    private static void Run()
    {
        using var emulator = new IdentityEmulator();
        long state = StateMemory.Fill(emulator, Identities);
        using var process = Process.GetCurrentProcess();

        var report = new Report(
            "Memory", "identities", "with a token", "bytes per identity", "managed heap", "working set", "peak working set");
        report.Add(
            FormattableString.Invariant($"{emulator.IdentityCount:N0}"),
            FormattableString.Invariant($"{emulator.IdentityCount / StateMemory.IdentitiesPerToken:N0}"),
            FormattableString.Invariant($"{state / Identities:N0}"),
            FormattableString.Invariant($"{state / MiB:N0} MiB"),
            FormattableString.Invariant($"{process.WorkingSet64 / MiB:N0} MiB"),
            FormattableString.Invariant($"{process.PeakWorkingSet64 / MiB:N0} MiB"));
        report.Print();
    }
}
