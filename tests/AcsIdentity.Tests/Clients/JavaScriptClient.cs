using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace AcsIdentity.Tests.Clients;

/// <summary>Microsoft's JavaScript client, in the version that JavaScript/package.json pins.</summary>
internal static class JavaScriptClient
{
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Clients", "JavaScript");

    public static async Task<InstalledClient> InstallAsync()
    {
        string? missing = await InstalledClient.RunAsync(new ProcessStartInfo("node", ["--version"]));
        Skip.If(missing is not null, "There is no Node.js: " + missing);
        string npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        string[] arguments = ["install", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline"];
        string? problem = await InstalledClient.RunAsync(new ProcessStartInfo(npm, arguments) { WorkingDirectory = _folder });
        Skip.If(problem is not null, "npm cannot install the packages: " + problem);
        return new InstalledClient("node", Path.Combine(_folder, "client.mjs"), "NODE_EXTRA_CA_CERTS");
    }
}
