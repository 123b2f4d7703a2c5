using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ledger;
using AcsIdentity.Ports;
using Xunit;
using static AcsIdentity.Tests.Ledger.LedgerSession;

namespace AcsIdentity.Tests.Ledger;

/// <summary>What every ledger does, whatever its store. This part: intents and their ends.</summary>
public abstract partial class LedgerContractTests
{
    /// <summary>A store for the place of this test. Each call gives another object, as in another process.</summary>
    protected abstract Task<ILedgerStore> StoreAsync();

    private async Task<LedgerSession> OpenAsync() => new(await StoreAsync());

    [SkippableFact]
    public async Task Ledger_says_where_it_is()
    {
        ILedgerStore store = await StoreAsync();
        using IIdentityLedger ledger = store.Open(CancellationToken.None);

        Assert.NotEmpty(store.Location);
        Assert.Equal(store.Location, ledger.Location);
    }

    [SkippableFact]
    public async Task Intent_is_pending()
    {
        using LedgerSession session = await OpenAsync();

        await session.AddAsync(session.Intent("tag"));

        IdentityRecord pending = Assert.Single(session.Find());
        Assert.Equal((null, "tag", IdentityState.Pending, Now, LedgerRuns.User), (pending.Id, pending.Tag, pending.State, pending.CreatedOn, pending.CreatedBy));
    }

    [SkippableFact]
    public async Task Created_identity_takes_the_place_of_its_intent()
    {
        using LedgerSession session = await OpenAsync();
        CreateIntent intent = session.Intent("tag");

        await session.Ledger.SetCreatedAsync(intent, await session.AddAsync(intent), "8:acs:id", Now.AddSeconds(1), Token(0, 60, "chat", "voip"));

        IdentityRecord created = Assert.Single(session.Find());
        Assert.Equal(
            ("8:acs:id", "tag", IdentityState.Active, Now.AddSeconds(1), LedgerRuns.User),
            (created.Id, created.Tag, created.State, created.CreatedOn, created.CreatedBy));
        Assert.Equal(["chat", "voip"], created.Scopes);
        Assert.Equal((Now.AddHours(1), null, null), (created.TokenExpiresOn, created.TokensRevokedOn, created.DeletedOn));
    }

    [SkippableFact]
    public async Task Identity_needs_neither_tag_nor_token()
    {
        using LedgerSession session = await OpenAsync();

        string id = await session.CreateAsync();

        IdentityRecord created = Assert.Single(session.Find());
        Assert.Equal((id, null, null), (created.Id, created.Tag, created.TokenExpiresOn));
        Assert.Empty(created.Scopes);
    }

    [SkippableFact]
    public async Task Removed_intent_leaves_nothing()
    {
        using LedgerSession session = await OpenAsync();
        CreateIntent intent = session.Intent("tag");

        await session.Ledger.RemoveIntentAsync(intent, await session.AddAsync(intent));

        Assert.Empty(session.Find());
    }

    [SkippableFact]
    public async Task Intent_with_an_unknown_outcome_stays()
    {
        using LedgerSession session = await OpenAsync();
        CreateIntent intent = session.Intent("tag");

        await session.Ledger.SetUnknownAsync(intent, await session.AddAsync(intent));

        IdentityRecord unknown = Assert.Single(session.Find());
        Assert.Equal((null, "tag", IdentityState.Unknown, Now, LedgerRuns.User), (unknown.Id, unknown.Tag, unknown.State, unknown.CreatedOn, unknown.CreatedBy));
    }

    [SkippableFact]
    public async Task Late_answer_completes_an_intent_that_was_unknown()
    {
        using LedgerSession session = await OpenAsync();
        CreateIntent intent = session.Intent("tag");
        string key = await session.AddAsync(intent);
        await session.Ledger.SetUnknownAsync(intent, key);

        await session.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, null);

        Assert.Equal(("8:acs:id", IdentityState.Active), (Assert.Single(session.Find()).Id, Assert.Single(session.Find()).State));
    }

    [SkippableFact]
    public async Task Late_answer_is_not_lost_if_the_intent_has_gone()
    {
        using LedgerSession session = await OpenAsync();
        CreateIntent intent = session.Intent("tag");
        string key = await session.AddAsync(intent);
        await session.Ledger.RemoveIntentAsync(intent, key);

        await session.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, Token());

        IdentityRecord created = Assert.Single(session.Find());
        Assert.Equal(("8:acs:id", "tag", Now, Now.AddHours(1)), (created.Id, created.Tag, created.CreatedOn, created.TokenExpiresOn));
    }

    [SkippableFact]
    public async Task Created_identity_that_is_known_already_stays_one()
    {
        using LedgerSession session = await OpenAsync();
        CreateIntent intent = session.Intent("tag");
        string key = await session.AddAsync(intent);
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:id" });

        await session.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, null);

        IdentityRecord created = Assert.Single(session.Find());
        Assert.Equal(("8:acs:id", "tag", Now, LedgerRuns.User), (created.Id, created.Tag, created.CreatedOn, created.CreatedBy));
    }

    [SkippableFact]
    public async Task Token_of_a_created_identity_that_is_known_already_is_recorded()
    {
        using LedgerSession session = await OpenAsync();
        CreateIntent intent = session.Intent("tag");
        string key = await session.AddAsync(intent);
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:id" });

        await session.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, Token());

        Assert.Equal(Now.AddHours(1), session.Get("8:acs:id").TokenExpiresOn);
    }

    [SkippableFact]
    public async Task Calls_in_flight_are_recorded_each()
    {
        using LedgerSession first = await OpenAsync();
        using LedgerSession second = await OpenAsync();

        string[] ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? first : second).CreateAsync($"tag {i % 50}", i % 3 == 0 ? Token() : null)));

        Assert.Equal(ids.Order(), first.Find().Select(identity => identity.Id!).Order());
        Assert.Equal(200, second.Find(IdentityState.Active).Count);
    }

    [SkippableFact]
    public async Task Calls_in_flight_may_be_for_several_resources()
    {
        using LedgerSession session = await OpenAsync();
        Uri[] resources = [.. Enumerable.Range(0, 3).Select(i => new Uri($"https://resource{i}.communication.azure.com/"))];

        await Task.WhenAll(Enumerable.Range(0, 90).Select(async i =>
        {
            CreateIntent intent = session.Intent($"tag {i}") with { Endpoint = resources[i % 3] };
            await session.Ledger.SetCreatedAsync(intent, await session.AddAsync(intent), session.NewId(), Now, null);
        }));

        Assert.All(resources, resource => Assert.Equal(30, session.Find(new IdentityQuery(resource) { States = IdentityState.All }).Count));
    }

    [SkippableFact]
    public async Task Calls_in_flight_end_each_in_its_way()
    {
        using LedgerSession session = await OpenAsync();
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:known" });

        await Task.WhenAll(Enumerable.Range(0, 80).Select(async i =>
        {
            CreateIntent intent = session.Intent($"tag {i}");
            string key = await session.AddAsync(intent);
            await ((i % 4) switch
            {
                0 => session.Ledger.SetCreatedAsync(intent, key, session.NewId(), Now, null),
                1 => session.Ledger.SetCreatedAsync(intent, key, "8:acs:known", Now, null),
                2 => session.Ledger.RemoveIntentAsync(intent, key),
                _ => session.Ledger.SetUnknownAsync(intent, key),
            });
        }));

        Assert.Equal(
            (21, 20, 0),
            (session.Find(IdentityState.Active).Count, session.Find(IdentityState.Unknown).Count, session.Find(IdentityState.Pending).Count));
    }

    [SkippableFact]
    public async Task Intents_of_a_run_that_ended_become_unknown()
    {
        using LedgerSession session = await OpenAsync();
        using LedgerSession other = await OpenAsync();
        await session.AddAsync(session.Intent("a"));
        await session.AddAsync(session.Intent("b"));
        await other.AddAsync(other.Intent("c"));
        session.Ledger.EndRun(session.Run);

        Assert.Equal(2, await other.Ledger.CloseDeadIntentsAsync(Resource, CancellationToken.None));

        Assert.Equal(["a", "b"], other.Find(IdentityState.Unknown).Select(intent => intent.Tag!).Order());
        Assert.Equal("c", Assert.Single(other.Find(IdentityState.Pending)).Tag);
        Assert.Equal(0, await session.Ledger.CloseDeadIntentsAsync(Resource, CancellationToken.None));
    }

    [SkippableFact]
    public async Task Intent_whose_time_is_over_becomes_unknown()
    {
        using LedgerSession session = await OpenAsync();
        await session.AddAsync(session.Intent("over") with { EndsBy = DateTimeOffset.UtcNow.AddSeconds(-1) });
        await session.AddAsync(session.Intent("in flight"));

        Assert.Equal(1, await session.Ledger.CloseDeadIntentsAsync(Resource, CancellationToken.None));

        Assert.Equal("over", Assert.Single(session.Find(IdentityState.Unknown)).Tag);
    }

    [SkippableFact]
    public async Task Dead_intents_of_another_resource_stay()
    {
        using LedgerSession session = await OpenAsync();
        await session.AddAsync(session.Intent("tag"));
        session.Ledger.EndRun(session.Run);

        Assert.Equal(0, await session.Ledger.CloseDeadIntentsAsync(new Uri("https://fabrikam.communication.azure.com/"), CancellationToken.None));

        Assert.Equal(IdentityState.Pending, Assert.Single(session.Find()).State);
    }

    [SkippableFact]
    public async Task Answer_that_comes_after_its_run_counted_as_dead_is_recorded()
    {
        using LedgerSession session = await OpenAsync();
        using LedgerSession other = await OpenAsync();
        CreateIntent intent = session.Intent("tag") with { EndsBy = DateTimeOffset.UtcNow.AddSeconds(-1) };
        string key = await session.AddAsync(intent);
        await other.Ledger.CloseDeadIntentsAsync(Resource, CancellationToken.None);

        await session.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, null);

        Assert.Equal(("8:acs:id", IdentityState.Active), (Assert.Single(other.Find()).Id, Assert.Single(other.Find()).State));
    }
}
