using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Server;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>The file with the variables of clients.</summary>
public sealed class EnvironmentFileTests : IDisposable
{
    private const string Value = "endpoint=http://localhost:7080/;accesskey=it's $HOME+/==";

    private static readonly IReadOnlyList<(string Name, string Value)> _variables = [("ACS_A", Value), ("ACS_B", "b")];

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("acs.env")]
    [InlineData(".env")]
    [InlineData("acs.sh")]
    public async Task Shell_reads_the_values(string name)
    {
        Skip.If(OperatingSystem.IsWindows(), "There is no sh.");
        string path = Path.Combine(_folder, name);
        using EnvironmentFile file = EnvironmentFile.Write(path, _variables);

        // A program that the shell starts gets the variables.
        var start = new ProcessStartInfo("sh", ["-c", ". \"$0\" && sh -c 'printf \"%s|%s\" \"$ACS_A\" \"$ACS_B\"'", path]) { RedirectStandardOutput = true };
        using Process shell = Process.Start(start)!;

        Assert.Equal(Value + "|b", await shell.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public void PowerShell_file_quotes_the_values()
    {
        using EnvironmentFile file = EnvironmentFile.Write(PathOf("acs.ps1"), _variables);

        Assert.Equal(
            ["$env:ACS_A = 'endpoint=http://localhost:7080/;accesskey=it''s $HOME+/=='", "$env:ACS_B = 'b'"], File.ReadAllLines(PathOf("acs.ps1"))[1..]);
    }

    [Fact]
    public void Json_file_has_the_values()
    {
        using EnvironmentFile file = EnvironmentFile.Write(PathOf("acs.json"), _variables);

        JsonElement read = JsonDocument.Parse(File.ReadAllText(PathOf("acs.json"))).RootElement.GetProperty("variables");
        Assert.Equal(Value, read.GetProperty("ACS_A").GetString());
    }

    [SkippableFact]
    public void Only_the_user_can_read_the_file()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip.If(true, "Windows has no file modes.");
            return;
        }

        using EnvironmentFile file = EnvironmentFile.Write(PathOf("acs.env"), _variables);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf("acs.env")));
    }

    [Theory]
    [InlineData("acs.env")]
    [InlineData("acs.ps1")]
    [InlineData("acs.json")]
    public void File_of_a_program_that_was_killed_is_replaced_and_removed(string name)
    {
        _ = EnvironmentFile.Write(PathOf(name), [("ACS_A", "old")]);

        EnvironmentFile.Write(PathOf(name), _variables).Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void File_of_another_program_is_refused_and_stays()
    {
        File.WriteAllText(PathOf(".env"), "PASSWORD=mine\n");

        Assert.Contains("did not write it", Assert.Throws<IOException>(() => EnvironmentFile.Write(PathOf(".env"), _variables)).Message, StringComparison.Ordinal);
        Assert.Equal("PASSWORD=mine\n", File.ReadAllText(PathOf(".env")));
    }

    [Fact]
    public void File_that_was_replaced_stays()
    {
        EnvironmentFile file = EnvironmentFile.Write(PathOf("acs.env"), _variables);
        using EnvironmentFile newer = EnvironmentFile.Write(PathOf("acs.env"), [("ACS_A", "newer")]);

        file.Dispose();

        Assert.True(File.Exists(PathOf("acs.env")));
    }

    [Fact]
    public void Sign_ins_share_no_variable()
    {
        // With both in one environment, DefaultAzureCredential would take AZURE_CLIENT_ID for the managed identity's.
        var entra = new EntraOptions();
        var https = new Uri("https://localhost:7443/");

        Assert.All(ClientEnvironment.ManagedIdentity(entra, https), variable => Assert.StartsWith("IDENTITY_", variable.Name, StringComparison.Ordinal));
        Assert.All(ClientEnvironment.ServicePrincipal(entra, https), variable => Assert.StartsWith("AZURE_", variable.Name, StringComparison.Ordinal));
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
