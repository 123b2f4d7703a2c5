using System;
using System.Threading;
using AcsIdentity.Ports;

namespace AcsIdentity.Ledger.Sqlite;

/// <summary>A SQLite file.</summary>
internal sealed class SqliteStore(string path) : ILedgerStore
{
    public string Location => path;

    public IIdentityLedger Open(CancellationToken cancellationToken) => throw new NotImplementedException();
}
