using System;
using System.Security;

namespace AcsIdentity.Ports;

/// <summary>Names the places of ledgers. AcsIdentity.Ledger implements it; that assembly is loaded when the first ledger is used.</summary>
public interface ILedgerStoreFactory
{
    /// <summary>A SQLite file on this machine.</summary>
    /// <param name="path">The full path.</param>
    ILedgerStore File(string path);

    /// <summary>A table of Azure Table Storage, with the key of its account.</summary>
    /// <param name="table">The address, for example https://account.table.core.windows.net/acs.</param>
    /// <param name="connectionString">The connection string of the storage account.</param>
    /// <exception cref="FormatException">The connection string is not valid, or is of another account.</exception>
    ILedgerStore Table(Uri table, SecureString connectionString);

    /// <summary>A table of Azure Table Storage, with a credential of Microsoft Entra ID.</summary>
    /// <param name="table">The address, for example https://account.table.core.windows.net/acs.</param>
    /// <param name="endpoint">The resource that the credential is also for; its cloud has the default authority.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="entra">The authority; null for that of the endpoint's cloud.</param>
    ILedgerStore Table(Uri table, Uri endpoint, ServiceCredential credential, EntraSettings? entra);
}
