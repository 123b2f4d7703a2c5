using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Desktop;

/// <summary>
/// The module of Windows PowerShell 5.1 at work: on Windows on the .NET Framework, elsewhere on Mono. What runs is the
/// loader, the service adapter with Azure.Core and the in-process emulator. What does not: PowerShell itself, so no cmdlet;
/// Entra ID; TLS. On Mono a reference may resolve that the .NET Framework refuses for its version, hence
/// <see cref="FrameworkReferencesTests"/>.
/// </summary>
public sealed class DesktopHarnessTests
{
    [SkippableFact]
    public async Task Module_loads_its_libraries_and_does_its_work()
    {
        using Process harness = Start(BuildSetting.Read("DesktopHarness"), Path.Combine(BuildSetting.Read("DesktopModule"), "AcsIdentity.dll"));
        Task<string> error = harness.StandardError.ReadToEndAsync();
        string output = await harness.StandardOutput.ReadToEndAsync();
        await harness.WaitForExitAsync();

        Assert.True(harness.ExitCode == 0, output + await error);
        Assert.Equal(
            [
                "libraries loaded by the import: 0",
                "cmdlets: 12",
                "created with a token of its own: True",
                "issued for: voip",
                "identities left: 0",
                "another key: Authentication",
                "SystemDefault becomes: SystemDefault",
                "Tls becomes: Tls, Tls12",
                "asked by nobody known, what the module refers to: System.Text.Json",
                "asked by nobody known, another version: no answer",
                "asked by a library of ours, another version: System.Text.Json",
                "asked by a stranger: no answer",
            ],
            output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    private static Process Start(string program, string module)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(program, [module]) : new ProcessStartInfo("mono", [program, module]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new SkipException("There is no Mono; on Debian, apt-get install mono-devel brings it: " + missing.Message);
        }
    }
}
