using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>Microsoft's Python client, where a Python of this machine has it.</summary>
internal static class PythonClient
{
    // Debian's packages are its own Python's, and PATH may name another one first.
    private static readonly string[] _pythons = OperatingSystem.IsWindows() ? ["python"] : ["python3", "/usr/bin/python3"];

    public static async Task<InstalledClient> FindAsync()
    {
        string? missing = null;
        foreach (string python in _pythons)
        {
            missing = await InstalledClient.RunAsync(new ProcessStartInfo(python, ["-c", "import azure.communication.identity"]));
            if (missing is null)
            {
                return new InstalledClient(python, Path.Combine(AppContext.BaseDirectory, "Clients", "Python", "client.py"), "REQUESTS_CA_BUNDLE");
            }
        }

        throw new SkipException("There is no Python client; on Debian, apt-get install python3-azure brings it: " + missing);
    }
}
