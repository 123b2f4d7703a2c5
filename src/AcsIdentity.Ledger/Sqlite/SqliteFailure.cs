using AcsIdentity.Ports;
using Microsoft.Data.Sqlite;

namespace AcsIdentity.Ledger.Sqlite;

/// <summary>Says in plain words why SQLite cannot use a file.</summary>
internal static class SqliteFailure
{
    /// <summary>The reason to refuse a file of another kind.</summary>
    public const string NotADatabase = "It is not a ledger, and is left as it is. Name another file.";

    public static LedgerException Describe(string path, SqliteException failure)
    {
        // The result codes of https://www.sqlite.org/rescode.html.
        (LedgerFailureKind kind, string reason) = failure.SqliteErrorCode switch
        {
            5 or 6 => (LedgerFailureKind.Unavailable, "Another process has locked it. Try again."),
            8 => (LedgerFailureKind.Unavailable, "It is read-only, or its folder is."),
            3 or 23 => (LedgerFailureKind.Unavailable, "This user may not use it."),
            11 => (LedgerFailureKind.Unavailable, "It is damaged. Restore it from a copy, or read what is left with the program sqlite3 and its command .recover."),
            13 => (LedgerFailureKind.Unavailable, "The disk is full."),
            14 => (LedgerFailureKind.Unavailable, "It cannot be opened to write. Check the permissions of the file and its folder, and whether the disk is read-only."),
            26 => (LedgerFailureKind.Invalid, NotADatabase),
            _ => (LedgerFailureKind.Unavailable, $"SQLite failed: {failure.Message}"),
        };
        return new LedgerException(kind, path, reason, failure);
    }
}
