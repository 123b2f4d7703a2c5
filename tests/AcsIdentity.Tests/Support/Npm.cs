using System;
using System.Diagnostics;

namespace AcsIdentity.Tests.Support;

/// <summary>The package manager of Node.js.</summary>
internal static class Npm
{
    /// <summary>Installs the packages in the package.json of a folder, and writes no other files.</summary>
    public static ProcessStartInfo InstallIn(string folder) =>
        new(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline"])
        {
            WorkingDirectory = folder,
        };
}
