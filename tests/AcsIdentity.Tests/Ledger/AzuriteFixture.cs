using System;
using System.Threading.Tasks;
using AcsIdentity.Ledger.Tables;
using AcsIdentity.Ports;
using Azure.Data.Tables;
using Xunit;

namespace AcsIdentity.Tests.Ledger;

/// <summary>One Azurite for the tests of a class; each test uses a table of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly Lazy<Task<AzuriteServer>> _server = new(() => AzuriteServer.StartAsync());

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // If the start failed, the tests were skipped.
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            await (await _server.Value).DisposeAsync();
        }
    }

    /// <exception cref="SkipException">Azurite cannot be installed; the message says why.</exception>
    internal Task<AzuriteServer> GetAsync() => _server.Value;
}

/// <summary>Tables on an Azurite.</summary>
internal static class AzuriteTables
{
    public static string NewName() => "t" + Guid.NewGuid().ToString("N");

    public static ILedgerStore Store(this AzuriteServer azurite, string name) => StoreAt(azurite.Account, name);

    public static ILedgerStore StoreAt(Uri account, string name) =>
        TableStore.Create(new Uri(account, name), Secret.FromText(AzuriteServer.ConnectionStringFor(account)));

    /// <summary>Writes a row. In a transaction, because Azurite 3.37.0 takes a single update for the beginning of one, and then fails.</summary>
    public static Task PutAsync(this TableClient table, TableEntity row) => table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertReplace, row)]);

    public static TableClient Table(this AzuriteServer azurite, string name) => new(azurite.ConnectionString, name);
}
