using System;
using System.Security;
using System.Threading;
using AcsIdentity.Ports;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Service.Transport;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>A table of Azure Table Storage. It keeps its client, which has the connections and the Entra token.</summary>
internal sealed class TableStore : ILedgerStore
{
    private readonly LedgerTable _table;
    private readonly object _opening = new();
    private bool _isReady;

    private TableStore(Uri location, TableServiceClient account, TableAddress address)
    {
        Location = location.AbsoluteUri;
        _table = new LedgerTable(account.GetTableClient(address.Name), Location);
    }

    public string Location { get; }

    /// <summary>A table, with the connection string of its account.</summary>
    /// <exception cref="FormatException">The address or the connection string is not valid, or they are of two accounts.</exception>
    public static TableStore Create(Uri table, SecureString connectionString)
    {
        var address = TableAddress.Parse(table);
        return new TableStore(table, address.Connect(Secret.ToText(connectionString), Options(ServiceTransport.Shared)), address);
    }

    /// <summary>A table, with the connection's credential of Microsoft Entra ID.</summary>
    /// <exception cref="FormatException">The address is not valid, or the credential is not for storage.</exception>
    public static TableStore Create(Uri table, Uri endpoint, ServiceCredential credential, EntraSettings? entra) =>
        Create(table, endpoint, credential, entra, ServiceTransport.Shared, null);

    /// <param name="table">The address of the table.</param>
    /// <param name="endpoint">The resource; its cloud has the default authority.</param>
    /// <param name="credential">The credential.</param>
    /// <param name="entra">The authority; null for the default. The audience is that of storage.</param>
    /// <param name="transport">Sends the requests to the table.</param>
    /// <param name="signInTransport">Sends the requests to the authority; null for Azure.Identity's own.</param>
    internal static TableStore Create(
        Uri table, Uri endpoint, ServiceCredential credential, EntraSettings? entra, HttpPipelineTransport transport, HttpPipelineTransport? signInTransport)
    {
        var address = TableAddress.Parse(table);
        string? problem = credential is ServiceCredential.AccessKey or ServiceCredential.AccessToken
                ? $"The connection's {credential.Name} is for Communication Services only. Give the connection string of the storage account too, or connect with another credential of Microsoft Entra ID."
            : table.Scheme == "http" ? "The ledger's address uses http, and a token of Microsoft Entra ID is sent over https only. Use https, or give the connection string of the storage account."
            : null;
        if (problem is not null)
        {
            throw new FormatException(problem);
        }

        TokenCredential source = AzureIdentityCredentials.Create(credential, endpoint, entra?.AuthorityHost, signInTransport);
        var signIn = new EntraCredential(credential, source, null, TimeProvider.System);
        return new TableStore(table, new TableServiceClient(address.Account, signIn, Options(transport)), address);
    }

    public IIdentityLedger Open(CancellationToken cancellationToken)
    {
        lock (_opening)
        {
            if (!_isReady)
            {
                TableSchema.PrepareAsync(_table, cancellationToken).GetAwaiter().GetResult();
                _isReady = true;
            }
        }

        return new TableLedger(_table);
    }

    private static TableClientOptions Options(HttpPipelineTransport transport)
    {
#if !NET
        TransportSecurity.AllowTls12();
#endif
        // A table that does not answer is given up after half a minute.
        return new TableClientOptions
        {
            Transport = transport,
            Retry = { MaxRetries = 2, Delay = TimeSpan.FromSeconds(0.2), MaxDelay = TimeSpan.FromSeconds(2), NetworkTimeout = TimeSpan.FromSeconds(10) },
        };
    }
}
