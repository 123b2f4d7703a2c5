using System.IO;
using System.Threading;
using AcsIdentity.Ports;
using Microsoft.Data.Sqlite;

namespace AcsIdentity.Ledger.Sqlite;

/// <summary>A SQLite file.</summary>
/// <param name="path">Its full path.</param>
/// <param name="busySeconds">How long to wait for another process that has locked the file.</param>
internal sealed class SqliteStore(string path, int busySeconds = 30) : ILedgerStore
{
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
