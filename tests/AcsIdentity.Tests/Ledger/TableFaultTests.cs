using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Xunit;
using static AcsIdentity.Tests.Ledger.LedgerSession;

namespace AcsIdentity.Tests.Ledger;

/// <summary>A table that refuses, loses answers, is late, or goes away.</summary>
public sealed class TableFaultTests(AzuriteFixture fixture) : IClassFixture<AzuriteFixture>
{
    private readonly string _table = AzuriteTables.NewName();

    [SkippableFact]
    public async Task Change_whose_answer_is_lost_is_made_once()
    {
        using var proxy = new TableProxy(await fixture.GetAsync());
        int transactions = 0;
        proxy.AfterTransaction = () => Task.FromResult(Interlocked.Increment(ref transactions) % 2 == 1);
        using var session = new LedgerSession(AzuriteTables.StoreAt(proxy.Account, _table));
        CreateIntent only = session.Intent("only", isOnlyOne: true);
        CreateIntent removed = session.Intent("removed");
        CreateIntent unknown = session.Intent("unknown");

        await session.Ledger.SetCreatedAsync(only, await session.AddAsync(only), "8:acs:only", Now, Token());
        await session.Ledger.RemoveIntentAsync(removed, await session.AddAsync(removed));
        await session.Ledger.SetUnknownAsync(unknown, await session.AddAsync(unknown));
        await session.Ledger.AddTokenAsync(Resource, "8:acs:token", "token", Token());
        await session.Ledger.SetTokensRevokedAsync(Resource, "8:acs:token", Now);
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:imported", Tag = "imported" });
        await session.Ledger.SetDeletedAsync(Resource, "8:acs:imported", Now);
        // The claim of a deleted identity is replaced.
        await session.Ledger.SetDeletedAsync(Resource, "8:acs:only", Now);
        await session.AddAsync(only);

        Assert.True(transactions > 10);
        Assert.Equal(
            ["imported Deleted", "only Deleted", "only Pending", "token Active", "unknown Unknown"],
            session.Find().Select(record => $"{record.Tag} {record.State}").Order());
        Assert.Equal(Now, session.Get("8:acs:token").TokensRevokedOn);
    }

    [SkippableTheory]
    [InlineData(503, "The table service is busy or has failed (HTTP 503).")]
    [InlineData(412, "The table service refused the request (HTTP 412).")]
    public async Task Table_that_refuses_each_change_is_one_clear_error_and_loses_nothing(int status, string reason)
    {
        using var proxy = new TableProxy(await fixture.GetAsync());
        using var session = new LedgerSession(AzuriteTables.StoreAt(proxy.Account, _table));
        string id = await session.CreateAsync("tag", Token());
        CreateIntent intent = session.Intent("pending");
        string key = await session.AddAsync(intent);
        proxy.BeforeTransaction = () => Task.FromResult<int?>(status);

        foreach (Func<Task> change in new Func<Task>[]
        {
            () => session.AddAsync(session.Intent("other")),
            () => session.AskAsync("other"),
            () => session.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, null),
            () => session.Ledger.SetDeletedAsync(Resource, id, Now),
            () => session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:id" }),
        })
        {
            LedgerException failure = await Assert.ThrowsAsync<LedgerException>(change);
            Assert.Equal((LedgerFailureKind.Unavailable, session.Ledger.Location), (failure.Kind, failure.Location));
            Assert.StartsWith(reason, failure.Message, StringComparison.Ordinal);
        }

        proxy.BeforeTransaction = () => Task.FromResult<int?>(null);
        Assert.Equal(["pending Pending", "tag Active"], session.Find().Select(record => $"{record.Tag} {record.State}").Order());
        await session.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, null);
        Assert.Equal(2, session.Find(IdentityState.Active).Count);
    }

    [SkippableFact]
    public async Task Change_by_another_process_in_between_is_kept()
    {
        AzuriteServer azurite = await fixture.GetAsync();
        using var proxy = new TableProxy(azurite);
        using var session = new LedgerSession(AzuriteTables.StoreAt(proxy.Account, _table));
        using var other = new LedgerSession(azurite.Store(_table));
        string id = await session.CreateAsync();
        int transactions = 0;
        proxy.BeforeTransaction = async () =>
        {
            // Three times the row is another one than the session has read.
            if (Interlocked.Increment(ref transactions) is 1 or 2 or 3)
            {
                await other.Ledger.SetTokensRevokedAsync(Resource, id, Now.AddMinutes(transactions));
            }

            return null;
        };

        await session.Ledger.AddTokenAsync(Resource, id, "tag", Token(10));

        Assert.Equal(4, transactions);
        Assert.Equal((Now.AddMinutes(3), Now.AddMinutes(70), "tag"), (other.Get(id).TokensRevokedOn, other.Get(id).TokenExpiresOn, other.Get(id).Tag));
    }

    [SkippableFact]
    public async Task Row_that_is_changed_again_and_again_is_given_up()
    {
        AzuriteServer azurite = await fixture.GetAsync();
        using var proxy = new TableProxy(azurite);
        using var session = new LedgerSession(AzuriteTables.StoreAt(proxy.Account, _table));
        using var other = new LedgerSession(azurite.Store(_table));
        string id = await session.CreateAsync();
        int transactions = 0;
        proxy.BeforeTransaction = async () =>
        {
            await other.Ledger.SetTokensRevokedAsync(Resource, id, Now.AddSeconds(Interlocked.Increment(ref transactions)));
            return null;
        };

        LedgerException failure = await Assert.ThrowsAsync<LedgerException>(() => session.Ledger.AddTokenAsync(Resource, id, "tag", Token(10)));

        Assert.Equal($"Other processes keep changing the record of {id}. Try again.", failure.Message);
        Assert.Equal((Now.AddSeconds(transactions), null, null), (other.Get(id).TokensRevokedOn, other.Get(id).TokenExpiresOn, other.Get(id).Tag));
    }

    [SkippableFact]
    public async Task Claim_that_another_process_takes_in_between_is_respected()
    {
        AzuriteServer azurite = await fixture.GetAsync();
        using var proxy = new TableProxy(azurite);
        using var session = new LedgerSession(AzuriteTables.StoreAt(proxy.Account, _table));
        using var other = new LedgerSession(azurite.Store(_table));
        CreateIntent old = session.Intent("tag", isOnlyOne: true);
        await session.Ledger.SetUnknownAsync(old, await session.AddAsync(old));
        proxy.BeforeTransaction = async () =>
        {
            await other.AskAsync("tag");
            await other.AskAsync("new tag");
            return null;
        };

        Assert.IsType<IntentResult.InProgress>(await session.AskAsync("tag"));
        Assert.IsType<IntentResult.InProgress>(await session.AskAsync("new tag"));
        Assert.Equal(["new tag", "tag"], session.Find(IdentityState.Pending).Select(intent => intent.Tag!).Order());
    }

    [SkippableFact]
    public async Task Transaction_is_for_one_resource()
    {
        using var proxy = new TableProxy(await fixture.GetAsync());
        using var session = new LedgerSession(AzuriteTables.StoreAt(proxy.Account, _table));

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => session.AddAsync(session.Intent() with { Endpoint = new Uri($"https://resource{i % 3}.communication.azure.com/") })));

        // Azurite would take rows of several partitions; the service does not.
        Assert.All(proxy.Transactions, sent => Assert.Single(Regex.Matches(sent, "\"PartitionKey\":\"[^\"]+\"").Select(key => key.Value).Distinct()));
    }

    [SkippableFact]
    public async Task Late_answer_holds_up_the_writes_behind_it_and_loses_none()
    {
        using var proxy = new TableProxy(await fixture.GetAsync());
        using var session = new LedgerSession(AzuriteTables.StoreAt(proxy.Account, _table));
        var released = new TaskCompletionSource<bool>();
        proxy.AfterTransaction = () => released.Task;
        Task<string>[] adding = [.. Enumerable.Range(0, 250).Select(i => session.AddAsync(session.Intent($"tag {i}")))];
        Assert.All(adding, task => Assert.False(task.IsCompleted));

        released.SetResult(false);

        Assert.Equal(250, (await Task.WhenAll(adding)).Distinct().Count());
        Assert.Equal(250, session.Find(IdentityState.Pending).Select(intent => intent.Tag).Distinct().Count());
        // The writes that waited went together, up to the service's limit of 100 rows. One transaction made the table's version.
        Assert.InRange(proxy.Transactions.Count, 1 + 3, 1 + 4);
    }

    [SkippableFact]
    public async Task Table_service_that_stops_is_one_clear_error()
    {
        AzuriteServer azurite = await AzuriteServer.StartAsync();
        int port = azurite.Account.Port;
        using var session = new LedgerSession(azurite.Store(_table));
        CreateIntent intent = session.Intent("tag");
        string key = await session.AddAsync(intent);

        await azurite.DisposeAsync();

        foreach (Func<Task> use in new Func<Task>[]
        {
            () => session.AddAsync(session.Intent("other")),
            () => session.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, null),
            () => Task.Run(() => session.Find()),
        })
        {
            LedgerException failure = await Assert.ThrowsAsync<LedgerException>(use);
            Assert.Equal(LedgerFailureKind.Unavailable, failure.Kind);
            Assert.Matches(@"^The table service cannot be reached, or gave no valid answer\. .+ Check the address and the network\.$", failure.Message);
            Assert.DoesNotContain(AzuriteServer.AccountKey, failure.ToString(), StringComparison.Ordinal);
        }

        // It is back, with an empty memory: a table that was deleted.
        await using AzuriteServer another = await AzuriteServer.StartAsync(port);
        LedgerException gone = await Assert.ThrowsAsync<LedgerException>(() => session.AddAsync(session.Intent("other")));
        Assert.StartsWith("The table is not there (HTTP 404, TableNotFound).", gone.Message, StringComparison.Ordinal);
    }
}
