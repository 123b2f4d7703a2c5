using System;
using System.Security;
using AcsIdentity.Ledger.Sqlite;
using AcsIdentity.Ledger.Tables;
using AcsIdentity.Ports;

namespace AcsIdentity.Ledger;

/// <summary>Names the places of ledgers. Each library loads with the first ledger of its kind.</summary>
public sealed class LedgerStoreFactory : ILedgerStoreFactory
{
    /// <inheritdoc/>
    public ILedgerStore File(string path) => new SqliteStore(path);

    /// <inheritdoc/>
    public ILedgerStore Table(Uri table, SecureString connectionString) => TableStore.Create(table, connectionString);

    /// <inheritdoc/>
    public ILedgerStore Table(Uri table, Uri endpoint, ServiceCredential credential, EntraSettings? entra) =>
        TableStore.Create(table, endpoint, credential, entra);
}
