using System;
using System.IO;
using AcsIdentity.Emulator.Server;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>The file of --identity-file.</summary>
public sealed class IdentityFileTests : IDisposable
{
    private const string Ann = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";
    private const string Bob = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000082";

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(Ann + "\n\n  " + Bob + " \n")]
    [InlineData("\"Tag\",\"Id\"\r\n\"ann\",\"" + Ann + "\"\r\n\"bob\",\"" + Bob + "\"\r\n")]
    [InlineData("Id;Tag\n" + Ann + ";ann\n" + Bob + ";bob")]
    [InlineData("Id\tTag\n" + Ann + "\tann\n" + Bob + "\tbob")]
    public void Ids_are_read_from_lines_and_columns(string text)
    {
        File.WriteAllText(_path, text);

        Assert.Equal([Ann, Bob], IdentityFile.Read(new FileInfo(_path)));
    }

    [Fact]
    public void Line_without_an_id_is_refused_by_its_number()
    {
        File.WriteAllText(_path, "Tag,Id\nann," + Ann + "\nbob,secret\n");

        FormatException refused = Assert.Throws<FormatException>(() => IdentityFile.Read(new FileInfo(_path)));

        Assert.Contains("Line 3", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Program_starts_with_the_identities()
    {
        File.WriteAllText(_path, Ann);
        var commandLine = new CommandLine();

        Assert.Equal([Ann], commandLine.GetEmulatorOptions(commandLine.Command.Parse(["--identity-file", _path]), null, null).Identities);
    }
}
