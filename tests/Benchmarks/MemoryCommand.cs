using System;
using System.CommandLine;
using System.Diagnostics;
using AcsIdentity.Emulator;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Benchmarks;

/// <summary>What the state of a million identities takes.</summary>
internal sealed class MemoryCommand : Command
{
    private const int Identities = 1_000_000;
    private const double MiB = 1024 * 1024;

    public MemoryCommand()
        : base("memory", "What the state of a million identities takes.")
    {
        SetAction(_ => Run());
    }

    private static void Run()
    {
        using var emulator = new IdentityEmulator();
        long state = StateMemory.Fill(emulator, Identities);
        using var process = Process.GetCurrentProcess();

        var report = new Report(
            "Memory", "identities", "with a token", "bytes each", "managed heap", "working set of the process", "peak");
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
