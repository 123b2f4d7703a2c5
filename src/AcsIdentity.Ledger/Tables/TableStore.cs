using System;
using System.Security;
using System.Threading;
using AcsIdentity.Ports;

namespace AcsIdentity.Ledger.Tables;

/// <summary>A table of Azure Table Storage.</summary>
internal sealed class TableStore : ILedgerStore
{
    public string Location => throw new NotImplementedException();

    public static TableStore Create(Uri table, SecureString connectionString) => throw new NotImplementedException();

    public static TableStore Create(Uri table, Uri endpoint, ServiceCredential credential, EntraSettings? entra) => throw new NotImplementedException();

    public IIdentityLedger Open(CancellationToken cancellationToken) => throw new NotImplementedException();
}
