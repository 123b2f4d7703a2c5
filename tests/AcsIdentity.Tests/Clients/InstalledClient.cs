using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Tasks;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>The languages that Microsoft's clients are driven in.</summary>
public enum ClientLanguage
{
    /// <summary>npm's @azure/communication-identity.</summary>
    JavaScript,

    /// <summary>azure-communication-identity, as Debian's python3-azure or PyPI has it.</summary>
    Python,
}

/// <summary>One of Microsoft's published clients on this machine.</summary>
/// <param name="Program">What runs its script.</param>
/// <param name="Script">The script that drives it.</param>
/// <param name="CertificateVariable">The environment variable that names a certificate to trust.</param>
internal sealed record InstalledClient(string Program, string Script, string CertificateVariable)
{
    private static readonly Lazy<Task<InstalledClient>> _javaScript = new(JavaScriptClient.InstallAsync);
    private static readonly Lazy<Task<InstalledClient>> _python = new(PythonClient.FindAsync);

    /// <exception cref="SkipException">It is not here; the message says why.</exception>
    public static Task<InstalledClient> GetAsync(ClientLanguage language) => language switch
    {
        ClientLanguage.JavaScript => _javaScript.Value,
        _ => _python.Value,
    };

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to its error stream where it failed; null where it did not.</returns>
    public static async Task<string?> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string error = await process.StandardError.ReadToEndAsync();
            await output;
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"{start.FileName} ended with {process.ExitCode}: {error}";
        }
        catch (Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
