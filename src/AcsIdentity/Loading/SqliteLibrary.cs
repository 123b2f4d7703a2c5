using System;
using System.IO;
using System.Runtime.InteropServices;

namespace AcsIdentity.Loading;

/// <summary>SQLite itself: the native library, of which the module has a file for each platform of PowerShell.</summary>
internal static class SqliteLibrary
{
    /// <summary>The name by which Microsoft.Data.Sqlite asks for it.</summary>
    public const string Name = "e_sqlite3";

    /// <summary>The platform of this process.</summary>
    public static string Platform { get; } = Describe(
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? OSPlatform.Windows : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? OSPlatform.OSX : OSPlatform.Linux,
        RuntimeInformation.ProcessArchitecture,
#if NET
        RuntimeInformation.RuntimeIdentifier);
#else
        runtimeIdentifier: "");
#endif

    /// <summary>Names a platform as NuGet does.</summary>
    /// <param name="system">Windows, macOS or Linux.</param>
    /// <param name="architecture">The architecture of the process, which may differ from that of the system.</param>
    /// <param name="runtimeIdentifier">The platform that .NET was built for. It tells whether Linux has the C library musl.</param>
    public static string Describe(OSPlatform system, Architecture architecture, string runtimeIdentifier)
    {
        // .NET of Microsoft for Alpine Linux names musl; that of Alpine Linux names the distribution.
        bool isMusl = runtimeIdentifier.Contains("musl") || runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal);
        string name = system == OSPlatform.Windows ? "win" : system == OSPlatform.OSX ? "osx" : isMusl ? "linux-musl" : "linux";
#pragma warning disable CA1308 // NuGet's names are in lower case.
        return $"{name}-{architecture.ToString().ToLowerInvariant()}";
#pragma warning restore CA1308
    }

    /// <summary>Finds the file for a platform.</summary>
    /// <param name="folder">The folder of the module with one folder for each platform.</param>
    /// <param name="platform">The platform.</param>
    /// <exception cref="FormatException">There is none. A table can be used instead of a file.</exception>
    public static string Find(string folder, string platform)
    {
        string file = platform.StartsWith("win", StringComparison.Ordinal) ? "e_sqlite3.dll"
            : platform.StartsWith("osx", StringComparison.Ordinal) ? "libe_sqlite3.dylib"
            : "libe_sqlite3.so";
        string path = Path.Combine(folder, platform, file);
        return File.Exists(path) ? path : throw new FormatException($"A file needs SQLite, and the module has no SQLite for {platform}. Use a table of Azure Table Storage.");
    }
}
