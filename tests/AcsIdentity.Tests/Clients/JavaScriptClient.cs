using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>Microsoft's JavaScript client, in the version that JavaScript/package.json pins.</summary>
internal static class JavaScriptClient
{
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Clients", "JavaScript");

    public static async Task<InstalledClient> InstallAsync()
    {
        string? missing = await ExternalProgram.RunAsync(new ProcessStartInfo("node", ["--version"]));
        Skip.If(missing is not null, "Node.js is not installed: " + missing);
        string? problem = await ExternalProgram.RunAsync(Npm.InstallIn(_folder));
        Skip.If(problem is not null, "npm cannot install the packages: " + problem);
        return new InstalledClient("node", Path.Combine(_folder, "client.mjs"), "NODE_EXTRA_CA_CERTS");
    }
}
