using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ledger.Sqlite;
using AcsIdentity.Ports;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AcsIdentity.Tests.Ledger;

/// <summary>The contract of a ledger, for a SQLite file.</summary>
public sealed class SqliteLedgerTests : LedgerContractTests, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_query_that_finds_nothing_for_long_can_be_ended()
    {
        using var database = SqliteDatabase.Open(Path.Combine(_folder, "other.db"), busySeconds: 0);
        var endless = Task.Run(() => database.Scalar("WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT n FROM numbers WHERE n < 0"));
        while (!endless.IsCompleted)
        {
            database.Interrupt();
            await Task.Delay(10);
        }

        const int Interrupted = 9;
        Assert.Equal(Interrupted, (await Assert.ThrowsAsync<SqliteException>(() => endless)).SqliteErrorCode);
    }

    [Fact]
    public async Task A_search_that_is_cancelled_ends_without_a_record()
    {
        using IIdentityLedger ledger = (await StoreAsync()).Open(default);
        await ledger.ImportAsync(LedgerSession.Resource, new IdentityRecord { Id = "8:acs:1" });

        Assert.Throws<OperationCanceledException>(() => ledger.Find(new IdentityQuery(LedgerSession.Resource), new CancellationToken(canceled: true)).Any());
    }

    protected override Task<ILedgerStore> StoreAsync() => Task.FromResult<ILedgerStore>(new SqliteStore(Path.Combine(_folder, "acs.db")));
}
