using System;
using System.IO;
using System.Runtime.InteropServices;
using AcsIdentity.Loading;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Core;

/// <summary>Which file of SQLite belongs to which platform.</summary>
public sealed class SqliteLibraryTests
{
    private static readonly string _folder = Path.Combine(Path.GetDirectoryName(BuildSetting.Read("DesktopModule"))!, "runtimes");

    public static TheoryData<string, Architecture, string, string> Platforms => new()
    {
        { "WINDOWS", Architecture.X64, "win-x64", "win-x64/e_sqlite3.dll" },
        { "WINDOWS", Architecture.X86, "", "win-x86/e_sqlite3.dll" },
        { "WINDOWS", Architecture.Arm64, "win-arm64", "win-arm64/e_sqlite3.dll" },
        { "LINUX", Architecture.X64, "linux-x64", "linux-x64/libe_sqlite3.so" },
        { "LINUX", Architecture.X64, "debian.13-x64", "linux-x64/libe_sqlite3.so" },
        { "LINUX", Architecture.Arm64, "linux-arm64", "linux-arm64/libe_sqlite3.so" },
        { "LINUX", Architecture.X64, "linux-musl-x64", "linux-musl-x64/libe_sqlite3.so" },
        { "LINUX", Architecture.X64, "alpine.3.22-x64", "linux-musl-x64/libe_sqlite3.so" },
        { "OSX", Architecture.X64, "osx-x64", "osx-x64/libe_sqlite3.dylib" },
        { "OSX", Architecture.Arm64, "osx-arm64", "osx-arm64/libe_sqlite3.dylib" },
    };

    [Theory]
    [MemberData(nameof(Platforms))]
    public void The_module_has_a_file_for_each_platform_of_PowerShell(string system, Architecture architecture, string runtimeIdentifier, string file)
    {
        string platform = SqliteLibrary.Describe(OSPlatform.Create(system), architecture, runtimeIdentifier);
        Assert.Equal(Path.Combine(_folder, file.Replace('/', Path.DirectorySeparatorChar)), SqliteLibrary.Find(_folder, platform));
    }

    [Theory]
    [InlineData(Architecture.Arm64, "linux-musl-arm64", "linux-musl-arm64")]
    [InlineData(Architecture.S390x, "linux-s390x", "linux-s390x")]
    public void Another_platform_is_named_in_the_error(Architecture architecture, string runtimeIdentifier, string platform)
    {
        FormatException missing = Assert.Throws<FormatException>(
            () => SqliteLibrary.Find(_folder, SqliteLibrary.Describe(OSPlatform.Linux, architecture, runtimeIdentifier)));
        Assert.Contains($"no SQLite for {platform}. Use a table", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_for_this_platform_can_be_loaded()
    {
        nint library = NativeLibrary.Load(SqliteLibrary.Find(_folder, SqliteLibrary.Platform));
        Assert.True(NativeLibrary.TryGetExport(library, "sqlite3_libversion", out _));
    }
}
