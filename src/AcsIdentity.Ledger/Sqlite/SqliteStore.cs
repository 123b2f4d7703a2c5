using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using AcsIdentity.Ports;
using Microsoft.Data.Sqlite;

namespace AcsIdentity.Ledger.Sqlite;

/// <summary>A SQLite file.</summary>
/// <param name="path">Its full path.</param>
/// <param name="busySeconds">How long to wait for another process that has locked the file.</param>
internal sealed class SqliteStore(string path, int busySeconds = 15) : ILedgerStore
{
    /// <summary>The first bytes of a database: https://www.sqlite.org/fileformat.html#magic_header_string.</summary>
    private static readonly byte[] _signature = Encoding.ASCII.GetBytes("SQLite format 3\0");

    public string Location => path;

    public IIdentityLedger Open(CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
        {
            throw new LedgerException(LedgerFailureKind.Invalid, path, "This is a folder. Name a file in it.");
        }

        if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
        {
            throw new LedgerException(LedgerFailureKind.Invalid, path, "Its folder does not exist.");
        }

        if (IsOfAnotherKind())
        {
            throw new LedgerException(LedgerFailureKind.Invalid, path, SqliteFailure.NotADatabase);
        }

        SqliteDatabase writer = OpenDatabase();
        try
        {
            SqliteSchema.Prepare(writer);
            return new SqliteLedger(path, writer, OpenDatabase);
        }
        catch (SqliteException failure)
        {
            writer.Dispose();
            throw SqliteFailure.Describe(path, failure);
        }
        catch (LedgerException)
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file has content that is no database. SQLite itself overwrites a short file of another kind.</summary>
    private bool IsOfAnotherKind()
    {
        var start = new byte[_signature.Length];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            int length = file.Read(start, 0, start.Length);
            return length > 0 && !start.SequenceEqual(_signature);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // There is no file, or SQLite will say why it cannot be read.
            return false;
        }
    }

    private SqliteDatabase OpenDatabase()
    {
        try
        {
            return SqliteDatabase.Open(path, busySeconds);
        }
        catch (SqliteException failure)
        {
            throw SqliteFailure.Describe(path, failure);
        }
    }
}
