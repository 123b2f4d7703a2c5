using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Desktop;

/// <summary>
/// Runs the module for Windows PowerShell 5.1: on Windows on the .NET Framework, elsewhere on Mono. This covers the loader,
/// the service adapter with Azure.Core and the in-process emulator. It does not cover the cmdlets, Entra ID and TLS. Mono
/// may resolve a reference whose version the .NET Framework refuses; <see cref="FrameworkReferencesTests"/> finds those.
/// </summary>
public sealed class DesktopHarnessTests
{
    [SkippableFact]
    public async Task Module_loads_its_libraries_and_calls_the_service()
    {
        using Process harness = Start(BuildSetting.Read("DesktopHarness"), Path.Combine(BuildSetting.Read("DesktopModule"), "AcsIdentity.dll"));
        Task<string> error = harness.StandardError.ReadToEndAsync();
        string output = await harness.StandardOutput.ReadToEndAsync();
        await harness.WaitForExitAsync();

        Assert.True(harness.ExitCode == 0, output + await error);
        Assert.Equal(
            [
                "libraries loaded by the import: 0",
                "cmdlets: 19",
                "token is for the created identity: True",
                "issued scope: voip",
                "identities left: 0",
                "wrong key: Authentication",
                "SystemDefault becomes: SystemDefault",
                "Tls becomes: Tls, Tls12",
                "requester unknown, reference of the module: System.Text.Json",
                "requester unknown, another version: not resolved",
                "requester in lib, another version: System.Text.Json",
                "requester outside the module: not resolved",
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
            throw new SkipException("Mono is not installed (on Debian: apt-get install mono-devel): " + missing.Message);
        }
    }
}
