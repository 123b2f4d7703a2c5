using System;
using System.IO;
using System.Linq;

namespace AcsIdentity.Tests.Clients;

/// <summary>The browser of this machine.</summary>
internal static class Chromium
{
    private static readonly string[] _names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>The path of the program; null if it is not on the PATH.</summary>
    public static string? Path { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => _names.Select(name => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
