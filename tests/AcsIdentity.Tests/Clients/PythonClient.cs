using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>Microsoft's Python client, if a Python on this machine has it.</summary>
internal static class PythonClient
{
    // Debian's packages belong to Debian's Python, and another Python may come first on the PATH.
    private static readonly string[] _pythons = OperatingSystem.IsWindows() ? ["python"] : ["python3", "/usr/bin/python3"];

    public static async Task<InstalledClient> FindAsync()
    {
        string? missing = null;
        foreach (string python in _pythons)
        {
            missing = await ExternalProgram.RunAsync(new ProcessStartInfo(python, ["-c", "import azure.communication.identity"]));
            if (missing is null)
            {
                return new InstalledClient(python, Path.Combine(AppContext.BaseDirectory, "Clients", "Python", "client.py"), "REQUESTS_CA_BUNDLE");
            }
        }

        throw new SkipException("The Python client is not installed (on Debian: apt-get install python3-azure): " + missing);
    }
}
