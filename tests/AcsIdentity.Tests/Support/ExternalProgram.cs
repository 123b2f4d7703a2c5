using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Support;

/// <summary>Programs that tests need, and that a machine may lack.</summary>
internal static class ExternalProgram
{
    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its output if it failed; null if it succeeded.</returns>
    public static async Task<string?> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string error = await process.StandardError.ReadToEndAsync();
            string text = await output + error;
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : $"{start.FileName} ended with {process.ExitCode}: {text}";
        }
        catch (Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
