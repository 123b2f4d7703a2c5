using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using AcsIdentity.Ledger.Sqlite;
using AcsIdentity.Ports;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AcsIdentity.Tests.Ledger;

/// <summary>Files that cannot be a ledger, or not now: one clear error each, and the file stays as it is.</summary>
public sealed class SqliteFailureTests : IDisposable
{
    private static readonly Uri _endpoint = new("https://r.communication.azure.com/");

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string File => Path.Combine(_folder, "acs.db");

    static SqliteFailureTests() => SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_is_refused() => AssertRefused(_folder, LedgerFailureKind.Invalid, "This is a folder");

    [Fact]
    public void A_file_in_a_folder_that_does_not_exist_is_refused() =>
        AssertRefused(Path.Combine(_folder, "missing", "acs.db"), LedgerFailureKind.Invalid, "folder does not exist");

    [Theory]
    [InlineData("Id,Tag\n8:acs:1,ann\n")]
    [InlineData("x")]
    public void A_file_that_is_no_database_is_refused_and_stays(string text)
    {
        text = text.Length > 1 ? string.Concat(Enumerable.Repeat(text, 100)) : text;
        System.IO.File.WriteAllText(File, text);

        AssertRefused(File, LedgerFailureKind.Invalid, "not a ledger");
        Assert.Equal(text, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void The_database_of_another_program_is_refused_and_stays()
    {
        Execute("CREATE TABLE customers (name TEXT)");
        byte[] before = System.IO.File.ReadAllBytes(File);

        AssertRefused(File, LedgerFailureKind.Invalid, "another program");
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void A_ledger_of_a_newer_version_is_refused_and_stays()
    {
        Open().Dispose();
        Execute("PRAGMA user_version = 2");
        byte[] before = System.IO.File.ReadAllBytes(File);

        AssertRefused(File, LedgerFailureKind.Invalid, "its schema is 2, and this module knows 1. Update the module");
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void An_empty_file_becomes_a_ledger()
    {
        System.IO.File.WriteAllBytes(File, []);

        using IIdentityLedger ledger = Open();

        Assert.Equal(0, Find(ledger));
    }

    [Fact]
    public async Task A_locked_file_is_an_error_after_the_wait_and_works_again_later()
    {
        using IIdentityLedger ledger = Open();
        Guid run = ledger.BeginRun();
        using (SqliteConnection other = Connect())
        {
            Execute(other, "BEGIN EXCLUSIVE");
            LedgerException failure = await Assert.ThrowsAsync<LedgerException>(() => ledger.AddIntentAsync(Intent(run)));
            Assert.Equal(LedgerFailureKind.Unavailable, failure.Kind);
            Assert.Contains("Another process has locked it", failure.Message, StringComparison.Ordinal);
        }

        await ledger.AddIntentAsync(Intent(run));
        Assert.Equal(1, Find(ledger));
    }

    [Fact]
    public async Task A_damaged_page_is_an_error_and_nothing_is_written()
    {
        using (IIdentityLedger ledger = Open())
        {
            Guid run = ledger.BeginRun();
            for (int i = 0; i < 200; i++)
            {
                await ledger.AddIntentAsync(Intent(run));
            }
        }

        byte[] bytes = System.IO.File.ReadAllBytes(File);
        // All pages after the first, which has the header and the schema.
        Array.Fill(bytes, (byte)0xEE, 4096, bytes.Length - 4096);
        System.IO.File.WriteAllBytes(File, bytes);

        using IIdentityLedger damaged = Open();
        LedgerException failure = Assert.Throws<LedgerException>(() => damaged.BeginRun());
        Assert.Equal(LedgerFailureKind.Unavailable, failure.Kind);
        Assert.Contains("It is damaged", failure.Message, StringComparison.Ordinal);
        Assert.Throws<LedgerException>(() => Find(damaged));
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(File));
    }

    [SkippableFact]
    public async Task A_full_disk_is_an_error_and_the_records_before_it_are_kept()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", _folder), "A small disk needs root on Linux");
        try
        {
            int recorded = 0;
            LedgerException? failure = null;
            using (IIdentityLedger ledger = Open())
            {
                Guid run = ledger.BeginRun();
                while (failure is null)
                {
                    try
                    {
                        await ledger.AddIntentAsync(Intent(run));
                        recorded++;
                    }
                    catch (LedgerException full)
                    {
                        failure = full;
                    }
                }

                Assert.Contains("The disk is full", failure.Message, StringComparison.Ordinal);
                Assert.Equal(recorded, Find(ledger));
            }
        }
        finally
        {
            Assert.True(Run("umount", _folder));
        }
    }

    [SkippableFact]
    public void A_file_on_a_read_only_disk_is_an_error()
    {
        Open().Dispose();
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "--bind", _folder, _folder), "A read-only disk needs root on Linux");
        try
        {
            Assert.True(Run("mount", "-o", "remount,ro,bind", _folder));
            LedgerException failure = Assert.Throws<LedgerException>(() => Open());
            Assert.Contains("the disk is read-only", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            Assert.True(Run("umount", _folder));
        }
    }

    private static CreateIntent Intent(Guid run) =>
        new(_endpoint, new string('x', 100), IsOnlyOne: false, run, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(1));

    private static int Find(IIdentityLedger ledger) => ledger.Find(new IdentityQuery(_endpoint) { States = IdentityState.All }, default).Count();

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private IIdentityLedger Open() => new SqliteStore(File, busySeconds: 0).Open(default);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = Connect();
        Execute(connection, sql);
    }

    private static void AssertRefused(string path, LedgerFailureKind kind, string reason)
    {
        LedgerException failure = Assert.Throws<LedgerException>(() => new SqliteStore(path).Open(default));
        Assert.Equal(kind, failure.Kind);
        Assert.Equal(path, failure.Location);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }
}
