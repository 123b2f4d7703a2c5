using System;
using System.Diagnostics;

namespace AcsIdentity.Tests.Support;

/// <summary>The package manager of Node.js.</summary>
internal static class Npm
{
    /// <summary>Installs what the package.json of a folder asks for, and writes nothing but the packages.</summary>
    public static ProcessStartInfo InstallIn(string folder) =>
        new(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["install", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline"])
        {
            WorkingDirectory = folder,
        };
}
