using System;
using System.IO;
using System.Threading.Tasks;
using AcsIdentity.Ledger.Sqlite;
using AcsIdentity.Ports;

namespace AcsIdentity.Tests.Ledger;

/// <summary>The contract of a ledger, for a SQLite file.</summary>
public sealed class SqliteLedgerTests : LedgerContractTests, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    protected override Task<ILedgerStore> StoreAsync() => Task.FromResult<ILedgerStore>(new SqliteStore(Path.Combine(_folder, "acs.db")));
}
