using System.Threading.Tasks;
using AcsIdentity.Ports;
using Xunit;

namespace AcsIdentity.Tests.Ledger;

/// <summary>The contract of a ledger, for a table on Azurite.</summary>
public sealed class TableLedgerTests(AzuriteFixture azurite) : LedgerContractTests, IClassFixture<AzuriteFixture>
{
    private readonly string _table = AzuriteTables.NewName();

    protected override async Task<ILedgerStore> StoreAsync() => (await azurite.GetAsync()).Store(_table);
}
