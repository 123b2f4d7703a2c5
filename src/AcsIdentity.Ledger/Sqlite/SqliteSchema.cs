using System;
using System.Globalization;
using AcsIdentity.Ports;

namespace AcsIdentity.Ledger.Sqlite;

/// <summary>The tables of a file, and its version. docs/ledger.md describes them.</summary>
internal static class SqliteSchema
{
    /// <summary>The version of the tables below. A change of them is a new version.</summary>
    private const int Version = 1;

    /// <summary>Marks a file as a ledger: "ACSL" in ASCII.</summary>
    private const int ApplicationId = 0x4143534C;

    // Times are milliseconds since 1970-01-01, UTC. States are the numbers of IdentityState.
    private const string Tables = """
        CREATE TABLE resource (
            key INTEGER PRIMARY KEY,
            endpoint TEXT NOT NULL UNIQUE
        );
        CREATE TABLE run (
            key INTEGER PRIMARY KEY,
            run TEXT NOT NULL UNIQUE,
            user TEXT NOT NULL,
            machine TEXT NOT NULL,
            process TEXT NOT NULL,
            started_on INTEGER NOT NULL
        );
        CREATE TABLE identity (
            key INTEGER PRIMARY KEY,
            resource INTEGER NOT NULL REFERENCES resource(key),
            state INTEGER NOT NULL,
            id TEXT,
            tag TEXT,
            is_only_one INTEGER NOT NULL DEFAULT 0,
            run INTEGER REFERENCES run(key),
            ends_by INTEGER,
            created_on INTEGER,
            created_by TEXT,
            token_scope TEXT,
            token_issued_on INTEGER,
            token_expires_on INTEGER,
            token_live_until INTEGER,
            tokens_revoked_on INTEGER,
            deleted_on INTEGER,
            UNIQUE (resource, id)
        );
        CREATE INDEX identity_tag ON identity (resource, tag) WHERE tag IS NOT NULL;
        CREATE UNIQUE INDEX identity_only_one ON identity (resource, tag) WHERE is_only_one = 1;
        CREATE INDEX identity_pending ON identity (resource) WHERE state = 2;
        """;

    /// <summary>Makes the tables in a new file; checks the version of another one.</summary>
    /// <exception cref="LedgerException">The file belongs to another program or to a newer version of the module.</exception>
    public static void Prepare(SqliteDatabase database)
    {
        if (IsReady(database))
        {
            return;
        }

        // Readers and a writer then do not wait for each other. Where SQLite cannot do that, as on some network drives, they wait.
        database.Execute("PRAGMA journal_mode = WAL");
        database.Transact(() =>
        {
            // Another process may have been faster.
            if (!IsReady(database))
            {
                database.Execute(Tables);
                database.Execute($"PRAGMA application_id = {ApplicationId}");
                database.Execute($"PRAGMA user_version = {Version}");
            }
        });
    }

    private static bool IsReady(SqliteDatabase database)
    {
        long application = ReadNumber(database, "PRAGMA application_id");
        long version = ReadNumber(database, "PRAGMA user_version");
        if (application == 0 && version == 0 && ReadNumber(database, "SELECT count(*) FROM sqlite_master") == 0)
        {
            return false;
        }

        return application != ApplicationId ? throw Invalid("It is the database of another program, and is left as it is. Name another file.")
            : version > Version ? throw Invalid($"A newer version of this module made it: its schema is {version}, and this module knows {Version}. Update the module.")
            : true;

        LedgerException Invalid(string reason) => new(LedgerFailureKind.Invalid, database.Path, reason);
    }

    private static long ReadNumber(SqliteDatabase database, string sql) => Convert.ToInt64(database.Scalar(sql), CultureInfo.InvariantCulture);
}
