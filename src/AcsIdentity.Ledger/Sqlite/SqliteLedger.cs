using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Microsoft.Data.Sqlite;

namespace AcsIdentity.Ledger.Sqlite;

/// <summary>A ledger in a SQLite file. One connection writes, in groups; others read meanwhile.</summary>
internal sealed class SqliteLedger : IIdentityLedger
{
    private const int LargestGroup = 500;

    private readonly SqliteDatabase _writer;
    private readonly SqliteRecords _records;
    private readonly WriteQueue<IWrite> _writes;
    private readonly Func<SqliteDatabase> _openReader;
    private readonly ConcurrentBag<SqliteDatabase> _readers = [];
    private readonly object _writing = new();
    private bool _isClosed;

    /// <param name="location">The file.</param>
    /// <param name="writer">The connection that writes. The ledger closes it.</param>
    /// <param name="openReader">Opens a connection to read.</param>
    public SqliteLedger(string location, SqliteDatabase writer, Func<SqliteDatabase> openReader)
    {
        Location = location;
        _writer = writer;
        _records = new SqliteRecords(writer);
        _openReader = openReader;
        _writes = new WriteQueue<IWrite>(LargestGroup, WriteGroupAsync);
    }

    private interface IWrite
    {
        void Apply();

        void Complete();

        void Fail(Exception failure);
    }

    public string Location { get; }

    public Guid BeginRun()
    {
        Guid run = LedgerRuns.Begin();
        try
        {
            Write(() => _records.AddRun(run)).GetAwaiter().GetResult();
            return run;
        }
        catch (LedgerException)
        {
            LedgerRuns.End(run);
            throw;
        }
    }

    public void EndRun(Guid run) => LedgerRuns.End(run);

    public Task<int> CloseDeadIntentsAsync(Uri endpoint, CancellationToken cancellationToken) => Write(() => _records.CloseDeadIntents(endpoint));

    public async Task<IntentResult> AddIntentAsync(CreateIntent intent)
    {
        LedgerTag.Require(intent.Tag, Location);
        return await Write(() => _records.AddIntent(intent)).ConfigureAwait(false);
    }

    public Task SetCreatedAsync(CreateIntent intent, string key, string id, DateTimeOffset createdOn, RecordedToken? token) =>
        Write(() => _records.SetCreated(intent, key, id, createdOn, token));

    public Task SetUnknownAsync(CreateIntent intent, string key) => Write(() => _records.SetUnknown(key));

    public Task RemoveIntentAsync(CreateIntent intent, string key) => Write(() => _records.RemoveIntent(key));

    public async Task AddTokenAsync(Uri endpoint, string id, string? tag, RecordedToken token)
    {
        LedgerTag.Require(tag, Location);
        await Write(() => _records.AddToken(endpoint, id, tag, token)).ConfigureAwait(false);
    }

    public Task SetTokensRevokedAsync(Uri endpoint, string id, DateTimeOffset revokedOn) => Write(() => _records.SetTokensRevoked(endpoint, id, revokedOn));

    public Task SetDeletedAsync(Uri endpoint, string id, DateTimeOffset deletedOn) => Write(() => _records.SetDeleted(endpoint, id, deletedOn));

    public async Task<IdentityRecord> ImportAsync(Uri endpoint, IdentityRecord record)
    {
        LedgerTag.Require(record.Tag, Location);
        return await Write(() => _records.Import(endpoint, record)).ConfigureAwait(false);
    }

    public IEnumerable<IdentityRecord> Find(IdentityQuery query, CancellationToken cancellationToken)
    {
        SqliteDatabase reader = _readers.TryTake(out SqliteDatabase? idle) ? idle : _openReader();
        try
        {
            // A search that matches little may read long until it has a row.
            using CancellationTokenRegistration registration = cancellationToken.Register(reader.Interrupt);
            cancellationToken.ThrowIfCancellationRequested();
            using SqliteDataReader rows = Try(() => SqliteSearch.Execute(reader, query), cancellationToken);
            while (Try(rows.Read, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return Try(() => SqliteSearch.ReadRecord(rows), cancellationToken);
            }
        }
        finally
        {
            _readers.Add(reader);
        }
    }

    public void Dispose()
    {
        // A group that is being written is written to its end.
        lock (_writing)
        {
            _isClosed = true;
            _writer.Dispose();
        }

        while (_readers.TryTake(out SqliteDatabase? reader))
        {
            reader.Dispose();
        }
    }

    private T Try<T>(Func<T> read, CancellationToken cancellationToken)
    {
        try
        {
            return read();
        }
        catch (SqliteException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (SqliteException failure)
        {
            throw SqliteFailure.Describe(Location, failure);
        }
    }

    private Task<T> Write<T>(Func<T> apply)
    {
        var write = new PendingWrite<T>(apply);
        _writes.Add(write);
        return write.Result;
    }

    /// <summary>Writes a group in one transaction: either all of it is durable, or nothing.</summary>
    private Task WriteGroupAsync(IReadOnlyList<IWrite> group)
    {
        try
        {
            lock (_writing)
            {
                if (_isClosed)
                {
                    throw new LedgerException(LedgerFailureKind.Unavailable, Location, "It was closed.");
                }

                _writer.Transact(() =>
                {
                    foreach (IWrite write in group)
                    {
                        write.Apply();
                    }
                });
            }
        }
        catch (Exception failure)
        {
            _records.Forget();
            Exception described = failure is SqliteException refused ? SqliteFailure.Describe(Location, refused) : failure;
            foreach (IWrite write in group)
            {
                write.Fail(described);
            }

            return Task.CompletedTask;
        }

        foreach (IWrite write in group)
        {
            write.Complete();
        }

        return Task.CompletedTask;
    }

    /// <summary>A write that waits for its group.</summary>
    private sealed class PendingWrite<T>(Func<T> apply) : IWrite
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _value;

        public Task<T> Result => _result.Task;

        public void Apply() => _value = apply();

        public void Complete() => _result.SetResult(_value!);

        public void Fail(Exception failure) => _result.SetException(failure);
    }
}
