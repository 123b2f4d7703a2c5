using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using AcsIdentity.Emulator.Server;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>What the program keeps from one start to the next.</summary>
public sealed class StateFolderTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory().FullName;

    private string Folder => Path.Combine(_parent, "state");

    private string Settings => Path.Combine(Folder, "state.json");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void Second_start_has_the_values_and_the_certificate_of_the_first()
    {
        (StateFolder.Settings first, string certificate) = OpenAndClose();
        (StateFolder.Settings second, string again) = OpenAndClose();

        Assert.Equal(first, second);
        Assert.Equal(certificate, again);
    }

    [Fact]
    public void Certificate_has_its_key_in_one_file_and_not_in_the_other()
    {
        using StateFolder state = StateFolder.Open(Folder);
        using X509Certificate2 certificate = state.LoadCertificate();
        using X509Certificate2 trusted = X509CertificateLoader.LoadCertificateFromFile(state.CertificatePath);

        Assert.True(certificate.HasPrivateKey);
        Assert.False(trusted.HasPrivateKey);
        Assert.Equal(certificate.Thumbprint, trusted.Thumbprint);
        Assert.DoesNotContain("KEY", File.ReadAllText(state.CertificatePath), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Only_the_user_can_read_the_files()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip.If(true, "Windows has no file modes.");
            return;
        }

        Directory.CreateDirectory(Folder);
        OpenAndClose();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        Assert.Equal(["https.pem", "https.pfx", "lock", "state.json"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        foreach (string file in Directory.GetFiles(Folder))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Second_program_is_refused_while_the_first_runs()
    {
        using StateFolder first = StateFolder.Open(Folder);

        Assert.Contains("another emulator uses", Assert.Throws<IOException>(() => StateFolder.Open(Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_with_other_files_is_refused_and_left_alone()
    {
        File.WriteAllText(Path.Combine(_parent, "notes.txt"), "mine");

        Assert.Contains("has other files", Assert.Throws<IOException>(() => StateFolder.Open(_parent)).Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_parent));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"Version\":")]
    public void Broken_settings_are_refused(string json)
    {
        OpenAndClose();
        File.WriteAllText(Settings, json);

        AssertUnreadable(Settings);
    }

    [Theory]
    [InlineData("\"Version\": 1", "\"Version\": 2")]
    [InlineData("\"AccessKey\": \"", "\"AccessKey\": \"!")]
    [InlineData("\"TenantId\": \"", "\"TenantId\": \"!")]
    [InlineData("\"ClientSecret\": \"", "\"Other\": \"")]
    public void Changed_settings_are_refused(string before, string after)
    {
        OpenAndClose();
        File.WriteAllText(Settings, File.ReadAllText(Settings).Replace(before, after, StringComparison.Ordinal));

        AssertUnreadable(Settings);
    }

    [Fact]
    public void Broken_certificate_is_refused()
    {
        OpenAndClose();
        string file = Path.Combine(Folder, "https.pfx");
        File.WriteAllText(file, "nonsense");

        using StateFolder state = StateFolder.Open(Folder);
        Assert.Contains(file, Assert.Throws<FormatException>(state.LoadCertificate).Message, StringComparison.Ordinal);
    }

    private void AssertUnreadable(string file)
    {
        string message = Assert.Throws<FormatException>(() => StateFolder.Open(Folder)).Message;
        Assert.Contains($"--state: {file} is not a file of this program", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        // The folder is not locked.
        Assert.Throws<FormatException>(() => StateFolder.Open(Folder));
    }

    private (StateFolder.Settings Settings, string Certificate) OpenAndClose()
    {
        using StateFolder state = StateFolder.Open(Folder);
        using X509Certificate2 certificate = state.LoadCertificate();
        return (state.Kept, certificate.Thumbprint);
    }
}
