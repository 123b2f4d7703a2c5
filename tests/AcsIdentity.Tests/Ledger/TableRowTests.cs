using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Data.Tables;
using Xunit;
using static AcsIdentity.Tests.Ledger.LedgerSession;

namespace AcsIdentity.Tests.Ledger;

/// <summary>What is in the table: its version, its limits, rows of other machines.</summary>
public sealed class TableRowTests(AzuriteFixture fixture) : IClassFixture<AzuriteFixture>
{
    private readonly string _name = AzuriteTables.NewName();

    [SkippableFact]
    public async Task Rows_are_as_the_documentation_says()
    {
        AzuriteServer azurite = await fixture.GetAsync();
        using var session = new LedgerSession(azurite.Store(_name)) { Endpoint = new Uri("http://LOCALHOST:7080/") };
        CreateIntent intent = session.Intent("tag", isOnlyOne: true);
        string key = await session.AddAsync(intent);
        await session.Ledger.SetCreatedAsync(intent, key, "8:acs:id/1", Now, Token());
        string pending = await session.AddAsync(session.Intent("other"));
        const string TagHash = "2a1073a6e67f0e5f09a5957c659503c690efe7272be8313df872556a9a684d8c";

        Dictionary<string, TableEntity> rows = azurite.Table(_name).Query<TableEntity>().ToDictionary(row => $"{row.PartitionKey} {row.RowKey}");

        Assert.Equal(1, rows["!schema version"].GetInt32("Version"));
        TableEntity identity = rows["localhost:7080 i:8:acs:id!002F1"];
        Assert.Equal(("8:acs:id/1", "tag", "Active", key), (identity.GetString("Id"), identity.GetString("Tag"), identity.GetString("State"), identity.GetString("Intent")));
        TableEntity create = rows["localhost:7080 p:" + pending];
        Assert.Equal("Pending", create.GetString("State"));
        Assert.Equal(
            ["CreatedBy", "CreatedOn", "Id", "Intent", "State", "Tag", "TokenExpiresOn", "TokenIssuedOn", "TokenLiveUntil", "TokenScope"],
            Columns(identity));
        Assert.Equal(["CreatedBy", "CreatedOn", "EndsBy", "Machine", "Process", "Run", "State", "Tag"], Columns(create));
        Assert.Equal("8:acs:id/1", rows[$"localhost:7080 t:{TagHash}:8:acs:id!002F1"].GetString("Id"));
        Assert.Equal(key, rows[$"localhost:7080 c:{TagHash}"].GetString("Intent"));
        Assert.Equal(5, rows.Count);

        static IEnumerable<string> Columns(TableEntity row) =>
            row.Keys.Except(["odata.etag", "PartitionKey", "RowKey", "Timestamp"]).Order(StringComparer.Ordinal);
    }

    [SkippableFact]
    public async Task Table_of_a_newer_version_is_refused()
    {
        AzuriteServer azurite = await fixture.GetAsync();
        azurite.Store(_name).Open(CancellationToken.None).Dispose();
        await azurite.Table(_name).PutAsync(new TableEntity("!schema", "version") { ["Version"] = 2 });

        LedgerException failure = Assert.Throws<LedgerException>(() => azurite.Store(_name).Open(CancellationToken.None));

        Assert.Equal(
            (LedgerFailureKind.Invalid, "A newer version of this module made it: its schema is 2, and this module knows 1. Update the module."),
            (failure.Kind, failure.Message));
    }

    [SkippableFact]
    public async Task Table_of_another_program_is_refused_and_left_as_it_is()
    {
        AzuriteServer azurite = await fixture.GetAsync();
        TableClient table = azurite.Table(_name);
        await table.CreateAsync();
        await table.AddEntityAsync(new TableEntity("a", "b"));

        LedgerException failure = Assert.Throws<LedgerException>(() => azurite.Store(_name).Open(CancellationToken.None));

        Assert.Equal(
            (LedgerFailureKind.Invalid, "It is the table of another program, and is left as it is. Name another table."),
            (failure.Kind, failure.Message));
        Assert.Single(table.Query<TableEntity>());
    }

    [SkippableFact]
    public async Task Processes_that_make_the_table_at_once_all_use_it()
    {
        AzuriteServer azurite = await fixture.GetAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            using var session = new LedgerSession(azurite.Store(_name));
            await session.CreateAsync($"tag {i}");
        })));

        using var reader = new LedgerSession(azurite.Store(_name));
        Assert.Equal(8, reader.Find(IdentityState.Active).Count);
    }

    [SkippableFact]
    public async Task Opening_can_be_cancelled()
    {
        AzuriteServer azurite = await fixture.GetAsync();

        Assert.ThrowsAny<OperationCanceledException>(() => azurite.Store(_name).Open(new CancellationToken(canceled: true)));
    }

    [SkippableTheory]
    [InlineData("Machine", "another machine", 0)]
    [InlineData("Process", "999999999@2020-01-01T00:00:00Z", 1)]
    [InlineData("EndsBy", null, 1)]
    public async Task Intent_of_another_process_is_dead_if_it_can_no_longer_end(string property, string? value, int closed)
    {
        AzuriteServer azurite = await fixture.GetAsync();
        using var session = new LedgerSession(azurite.Store(_name));
        string key = await session.AddAsync(session.Intent("tag"));
        TableClient table = azurite.Table(_name);
        TableEntity row = await table.GetEntityAsync<TableEntity>(Resource.Host, "p:" + key);
        row[property] = (object?)value ?? DateTimeOffset.UtcNow.AddSeconds(-1);
        await table.PutAsync(row);

        Assert.Equal(closed, await session.Ledger.CloseDeadIntentsAsync(Resource, CancellationToken.None));
    }

    [SkippableTheory]
    [InlineData("State", null)]
    [InlineData("State", "no state")]
    [InlineData("TokensRevokedOn", "no time")]
    public async Task Row_that_was_edited_by_hand_is_named(string property, string? value)
    {
        AzuriteServer azurite = await fixture.GetAsync();
        using var session = new LedgerSession(azurite.Store(_name));
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:id", Tag = "tag" });
        TableClient table = azurite.Table(_name);
        TableEntity row = await table.GetEntityAsync<TableEntity>(Resource.Host, "i:8:acs:id");
        row.Remove(property);
        row[property] = value;
        await table.PutAsync(row);

        foreach (Func<Task> use in new Func<Task>[]
        {
            () => Task.Run(() => session.Get("8:acs:id")),
            () => session.AskAsync("tag"),
            () => session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:id" }),
            () => session.Ledger.SetCreatedAsync(session.Intent(), Guid.NewGuid().ToString("N"), "8:acs:id", Now, null),
        })
        {
            LedgerException failure = await Assert.ThrowsAsync<LedgerException>(use);
            Assert.StartsWith("The row i:8:acs:id is damaged. Mend or delete it.", failure.Message, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task Longest_tags_are_kept_also_if_many_are_in_flight()
    {
        AzuriteServer azurite = await fixture.GetAsync();
        using var session = new LedgerSession(azurite.Store(_name));
        string[] tags = [.. Enumerable.Range(0, 40).Select(i => FormattableString.Invariant($"{i:00}") + new string('\u00e4', 32_765))];

        await Task.WhenAll(tags.Select(tag => session.CreateAsync(tag)));

        Assert.Equal(tags, session.Find(IdentityState.Active).Select(identity => identity.Tag!).Order(StringComparer.Ordinal));
        Assert.Single(session.Find(new IdentityQuery(Resource) { Tag = tags[7] }));
    }
}
