using System;
using System.Diagnostics;
using System.IO;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Build;

/// <summary>How build.sh finds PowerShell. Each test sets up a PATH with a fake dotnet, which has a fake feed.</summary>
public sealed class BuildScriptTests : IDisposable
{
    private const string Pinned = "7.9.1";

    /// <summary>A fake dotnet. FEED is the version of the tool that its feed has, or 'pinned'. It logs how it is called.</summary>
    private const string Dotnet = """
        #!/bin/sh
        echo "dotnet $*" >> "$LOG"
        case "$1 $2" in
            'tool restore') [ "$FEED" = pinned ] ;;
            'tool install')
                case $FEED in 7.*) ;; *) exit 1 ;; esac
                mkdir -p "$7/.store/powershell/$FEED"
                printf '#!/bin/sh\necho "near $*"\n' > "$7/pwsh"
                chmod +x "$7/pwsh" ;;
            'tool run') shift 4; echo "tool $*" ;;
            restore*) exit 1 ;;
            'test '*)
                mkdir -p artifacts/test-results
                echo '<Counters total="5" executed="4" passed="4" failed="0" />' > artifacts/test-results/run.trx ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly string _programs;

    public BuildScriptTests()
    {
        Skip.If(OperatingSystem.IsWindows(), "build.sh is for Linux and macOS.");
        _programs = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder, ".config"));
        Directory.CreateDirectory(Path.Combine(_folder, "tests/Pester"));
        File.Copy(Path.Combine(Repository.Root, "build.sh"), Path.Combine(_folder, "build.sh"));
        File.WriteAllText(Path.Combine(_folder, ".config/dotnet-tools.json"), $$"""{ "tools": { "powershell": { "version": "{{Pinned}}" } } }""");
        File.WriteAllText(Path.Combine(_folder, "tests/Pester/Some.Tests.ps1"), "    It 'is' {\n    It 'has' {\n");
        AddProgram("dotnet", Dotnet);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void PowerShell_on_the_path_runs_the_task_with_its_arguments()
    {
        AddProgram("pwsh", "#!/bin/sh\necho \"path $*\"");

        Outcome outcome = Run(feed: "pinned", "test", "-Name", "Bulk*");

        Assert.Equal((0, "path -NoProfile -File ./build.ps1 test -Name Bulk*\n"), (outcome.ExitCode, outcome.Output));
        Assert.Equal("", outcome.Calls);
    }

    [SkippableFact]
    public void Without_PowerShell_on_the_path_the_pinned_tool_is_restored()
    {
        Outcome outcome = Run(feed: "pinned", "test");

        Assert.Equal((0, "tool -NoProfile -File ./build.ps1 test\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains($"restoring PowerShell {Pinned}", outcome.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void If_the_feed_lacks_the_pinned_version_the_newest_of_the_same_major_version_is_used()
    {
        Outcome outcome = Run(feed: "7.4.1", "quickstart");

        Assert.Equal((0, "near -NoProfile -File ./build.ps1 quickstart\n"), (outcome.ExitCode, outcome.Output));
        Assert.Contains("--version 7.* ", outcome.Calls, StringComparison.Ordinal);
        Assert.EndsWith($"PowerShell {Pinned} is in no feed at hand: using 7.4.1.\n", outcome.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Without_any_PowerShell_xunit_runs_and_Pester_counts_as_skipped()
    {
        Outcome outcome = Run(feed: "none", "test");

        Assert.Equal(0, outcome.ExitCode);
        Assert.EndsWith("the 2 Pester tests did NOT run; they count as skipped.\n4 passed, 0 failed, 3 skipped\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("doing what needs no PowerShell", outcome.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Without_any_PowerShell_a_run_that_requires_Pester_fails()
    {
        Outcome outcome = Run(feed: "none", "test", requirePester: true);

        Assert.Equal(1, outcome.ExitCode);
        Assert.EndsWith("4 passed, 1 failed, 3 skipped\n", outcome.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Unknown_task_is_refused()
    {
        Outcome outcome = Run(feed: "pinned", "tset");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Calls));
        Assert.Contains("unknown task 'tset'", outcome.Error, StringComparison.Ordinal);
    }

    private void AddProgram(string name, string text)
    {
        string path = Path.Combine(_programs, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private Outcome Run(string feed, params string[] arguments) => Run(feed, requirePester: false, arguments);

    private Outcome Run(string feed, string task, bool requirePester) => Run(feed, requirePester, task);

    private Outcome Run(string feed, bool requirePester, params string[] arguments)
    {
        string log = Path.Combine(_folder, "log");
        File.WriteAllText(log, "");
        var start = new ProcessStartInfo("/bin/sh", [Path.Combine(_folder, "build.sh"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        // Only the system's tools: a folder of the real PATH may have a PowerShell.
        start.Environment["PATH"] = $"{_programs}:{SystemTools()}";
        start.Environment["FEED"] = feed;
        start.Environment["LOG"] = log;
        start.Environment["REQUIRE_PESTER"] = requirePester ? "1" : "";
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error, File.ReadAllText(log));
    }

    private string SystemTools()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName;
        foreach (string tool in (string[])["sh", "sed", "awk", "cat", "grep", "ls", "rm", "mkdir", "chmod", "dirname"])
        {
            string link = Path.Combine(folder, tool);
            if (!File.Exists(link))
            {
                string found = Array.Find(["/usr/bin/" + tool, "/bin/" + tool], File.Exists) ?? throw new FileNotFoundException(tool);
                File.CreateSymbolicLink(link, found);
            }
        }

        return folder;
    }

    private sealed record Outcome(int ExitCode, string Output, string Error, string Calls);
}
