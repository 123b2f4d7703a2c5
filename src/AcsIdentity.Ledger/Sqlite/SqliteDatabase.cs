using System;
using System.Collections.Generic;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AcsIdentity.Ledger.Sqlite;

/// <summary>A connection to a file, with statements that are prepared once. Not safe for concurrent use.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    static SqliteDatabase() => raw.SetProvider(new SQLite3Provider_e_sqlite3());

    private SqliteDatabase(SqliteConnection connection)
    {
        _connection = connection;
        Path = connection.DataSource;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Opens a file, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="busySeconds">How long to wait for another process that has locked the file.</param>
    public static SqliteDatabase Open(string path, int busySeconds)
    {
        // A pooled connection would go on writing to a file that was moved away.
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            var database = new SqliteDatabase(connection);
            // SQLite waits by itself, in short steps. The library would look again only every 150 ms.
            database.Execute($"PRAGMA busy_timeout = {busySeconds * 1000}");
            database.Execute("PRAGMA synchronous = FULL");
            return database;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Executes a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params (string Name, object? Value)[] parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>Executes a query for one value.</summary>
    /// <returns>Null if there is no row, or if the value is null.</returns>
    public object? Scalar(string sql, params (string Name, object? Value)[] parameters) =>
        Prepare(sql, parameters).ExecuteScalar() is { } value and not DBNull ? value : null;

    /// <summary>Executes a query.</summary>
    public SqliteDataReader Query(string sql, params (string Name, object? Value)[] parameters) => Prepare(sql, parameters).ExecuteReader();

    /// <summary>Does some work in a transaction that excludes other writers from its start. If the work fails, nothing is changed.</summary>
    public void Transact(Action work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            Execute("COMMIT");
        }
        catch
        {
            TryRollBack();
            throw;
        }
    }

    /// <summary>Ends a query that is running. May be called from another thread.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_connection.Handle);

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, (string Name, object? Value)[] parameters)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // Values are parameters; the texts are constants of this assembly.
            command.CommandText = sql;
#pragma warning restore CA2100
            // SQLite has waited by then.
            command.CommandTimeout = 1;
            _commands[sql] = command;
        }

        command.Parameters.Clear();
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private void TryRollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as after a full disk.
        }
    }
}
