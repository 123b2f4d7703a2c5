using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Support;

/// <summary>The JavaScript packages of JavaScript/package.json, installed with npm when first asked for.</summary>
internal static class NodePackages
{
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "JavaScript");

    private static readonly Lazy<Task<string?>> _problem = new(InstallAsync);

    /// <returns>Why they cannot be had here; null where they can.</returns>
    public static Task<string?> ProblemAsync() => _problem.Value;

    /// <summary>Runs a script of the folder JavaScript and returns what it printed.</summary>
    /// <param name="script">The script.</param>
    /// <param name="certificatePath">A certificate to trust beside the usual ones; null for none.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<string> RunAsync(string script, string? certificatePath, params string[] arguments)
    {
        (int exitCode, string output, string error) = await StartAsync("node", [script, .. arguments], ("NODE_EXTRA_CA_CERTS", certificatePath));
        return exitCode == 0 ? output : throw new InvalidOperationException($"{script} ended with {exitCode}: {error}");
    }

    private static async Task<string?> InstallAsync()
    {
        try
        {
            string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            await StartAsync("node", ["--version"]);
            (int exitCode, _, string error) = await StartAsync(npm, ["install", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline"]);
            return exitCode == 0 ? null : "npm cannot install the packages: " + error;
        }
        catch (Win32Exception missing)
        {
            return "Node.js is not on this machine: " + missing.Message;
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> StartAsync(
        string program, string[] arguments, (string Name, string? Value)? variable = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        if (variable is { Value: { } value } set)
        {
            start.Environment[set.Name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
