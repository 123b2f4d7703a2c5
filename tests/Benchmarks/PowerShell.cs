using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Reflection.PortableExecutable;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>The PowerShell of this machine, and the module.</summary>
internal static class PowerShell
{
    private static readonly string _builtModule = Path.GetFullPath("../../../module/AcsIdentity", AppContext.BaseDirectory);

    /// <summary>The module: the built one, or the packed one if build.ps1 Bench -Packed set it.</summary>
    public static string Module { get; } = Environment.GetEnvironmentVariable("ACSIDENTITY_MODULE_PATH") ?? Path.Combine(_builtModule, "AcsIdentity.psd1");

    /// <summary>The folder with the client library and its dependencies, as their NuGet packages have them: without native code.</summary>
    public static string Libraries { get; } = Path.Combine(_builtModule, "Core", "lib");

    /// <summary>The program, and the arguments before PowerShell's own. Set by build.ps1; by default the pwsh on the PATH.</summary>
    private static string[] Command { get; } = Environment.GetEnvironmentVariable("ACSIDENTITY_POWERSHELL")?.Split('\n') ?? ["pwsh"];

    private static string[] Arguments { get; } = [.. Command[1..], "-NoLogo", "-NoProfile", "-NonInteractive"];

    public static async Task<bool> IsInstalledAsync(CancellationToken stopping)
    {
        try
        {
            await RunAsync("", stopping);
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Runs a command in a new process.</summary>
    /// <returns>The seconds from the start of the process to its end.</returns>
    public static Task<double> RunAsync(string command, CancellationToken stopping) => TimedProcess.RunAsync(Start(command), stopping);

    /// <summary>Runs a command in a new process.</summary>
    /// <returns>What the command writes.</returns>
    public static Task<string> ReadAsync(string command, CancellationToken stopping) => TimedProcess.ReadAsync(Start(command), stopping);

    /// <summary>
    /// Describes this PowerShell and the module. Microsoft's packages are compiled ahead of time, the .NET tool is not: there each start compiles
    /// much of PowerShell first, and what a module adds looks small.
    /// </summary>
    public static async Task<string> DescribeAsync(CancellationToken stopping)
    {
        string[] lines = (await ReadAsync("$PSVersionTable.PSVersion.ToString(); [psobject].Assembly.Location", stopping)).Trim().Split(Environment.NewLine);
        using FileStream engine = File.OpenRead(lines[1]);
        using var image = new PEReader(engine);
        bool isCompiled = image.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
        string module = Module.StartsWith(_builtModule, StringComparison.Ordinal) ? "the built module: IL only" : "the packed module: with native code";
        return $"PowerShell {lines[0]}, {(isCompiled ? "" : "not ")}compiled ahead of time; {module}";
    }

    /// <summary>Returns how to start a process that runs a script.</summary>
    public static ProcessStartInfo Script(string path) => new(Command[0], [.. Arguments, "-File", path]);

    private static ProcessStartInfo Start(string command) => new(Command[0], [.. Arguments, "-Command", $"$ErrorActionPreference = 'Stop'; {command}"]);
}
