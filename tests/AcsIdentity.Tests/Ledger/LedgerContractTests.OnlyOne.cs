using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ledger;
using AcsIdentity.Ports;
using Xunit;
using static AcsIdentity.Tests.Ledger.LedgerSession;

namespace AcsIdentity.Tests.Ledger;

/// <summary>The only identity with a tag.</summary>
public abstract partial class LedgerContractTests
{
    [SkippableFact]
    public async Task Second_who_asks_for_the_only_identity_waits_for_the_first()
    {
        using LedgerSession first = await OpenAsync();
        using LedgerSession second = await OpenAsync();
        CreateIntent intent = first.Intent("tag", isOnlyOne: true);
        string key = await first.AddAsync(intent);

        Assert.Equal(LedgerRuns.User, Assert.IsType<IntentResult.InProgress>(await second.AskAsync("tag")).By);
        Assert.IsType<IntentResult.InProgress>(await first.AskAsync("tag"));
        await first.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, Token());

        IdentityRecord existing = Assert.IsType<IntentResult.Exists>(await second.AskAsync("tag")).Identity;
        Assert.Equal(
            ("8:acs:id", "tag", IdentityState.Active, Now, Now.AddHours(1)),
            (existing.Id, existing.Tag, existing.State, existing.CreatedOn, existing.TokenExpiresOn));
        Assert.Single(second.Find());
    }

    [SkippableTheory]
    [InlineData("removed")]
    [InlineData("unknown")]
    [InlineData("dead")]
    [InlineData("deleted")]
    public async Task Tag_whose_only_identity_did_not_last_is_open_again(string end)
    {
        using LedgerSession first = await OpenAsync();
        using LedgerSession second = await OpenAsync();
        CreateIntent intent = first.Intent("tag", isOnlyOne: true);
        string key = await first.AddAsync(intent);
        switch (end)
        {
            case "removed":
                await first.Ledger.RemoveIntentAsync(intent, key);
                break;
            case "unknown":
                await first.Ledger.SetUnknownAsync(intent, key);
                break;
            case "dead":
                first.Ledger.EndRun(first.Run);
                Assert.Equal(1, await second.Ledger.CloseDeadIntentsAsync(Resource, CancellationToken.None));
                break;
            default:
                await first.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, null);
                await first.Ledger.SetDeletedAsync(Resource, "8:acs:id", Now);
                break;
        }

        Assert.IsType<IntentResult.Recorded>(await second.AskAsync("tag"));
        Assert.IsType<IntentResult.InProgress>(await first.AskAsync("tag"));
    }

    [SkippableFact]
    public async Task Only_identity_may_be_one_that_was_imported()
    {
        using LedgerSession session = await OpenAsync();
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:id", Tag = "tag" });

        Assert.Equal("8:acs:id", Assert.IsType<IntentResult.Exists>(await session.AskAsync("tag")).Identity.Id);
    }

    [SkippableFact]
    public async Task Only_identity_is_the_oldest_if_there_are_several()
    {
        using LedgerSession session = await OpenAsync();
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:a", Tag = "tag", CreatedOn = Now.AddDays(-1) });
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:b", Tag = "tag", CreatedOn = Now.AddDays(-3) });
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:c", Tag = "tag", CreatedOn = Now.AddDays(-2) });

        Assert.Equal("8:acs:b", Assert.IsType<IntentResult.Exists>(await session.AskAsync("tag")).Identity.Id);

        // Its time is not known; another program made it, before the ledger.
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:d", Tag = "tag" });
        Assert.Equal("8:acs:d", Assert.IsType<IntentResult.Exists>(await session.AskAsync("tag")).Identity.Id);
    }

    [SkippableFact]
    public async Task Tags_that_differ_in_case_or_resource_are_two()
    {
        using LedgerSession session = await OpenAsync();
        await session.CreateAsync("tag", isOnlyOne: true);

        Assert.IsType<IntentResult.Recorded>(await session.AskAsync("Tag"));
        Assert.IsType<IntentResult.Recorded>(
            await session.Ledger.AddIntentAsync(session.Intent("tag", isOnlyOne: true) with { Endpoint = new Uri("https://fabrikam.communication.azure.com/") }));
        Assert.IsType<IntentResult.Exists>(await session.AskAsync("tag"));
    }

    [SkippableFact]
    public async Task Plain_create_takes_no_notice_of_others_with_its_tag()
    {
        using LedgerSession session = await OpenAsync();
        await session.CreateAsync("tag", isOnlyOne: true);
        await session.AskAsync("other");

        await session.CreateAsync("tag");
        await session.CreateAsync("other");

        Assert.Equal(3, session.Find(IdentityState.Active).Count);
    }

    [SkippableFact]
    public async Task Late_answer_of_a_run_that_was_replaced_takes_nothing_from_the_other()
    {
        using LedgerSession first = await OpenAsync();
        using LedgerSession second = await OpenAsync();
        CreateIntent late = first.Intent("tag", isOnlyOne: true);
        string lateKey = await first.AddAsync(late);
        await first.Ledger.SetUnknownAsync(late, lateKey);
        CreateIntent intent = second.Intent("tag", isOnlyOne: true);
        string key = await second.AddAsync(intent);

        await first.Ledger.SetCreatedAsync(late, lateKey, "8:acs:late", Now.AddSeconds(2), null);
        await second.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now.AddSeconds(1), null);

        Assert.Equal(["8:acs:id", "8:acs:late"], second.Find().Select(identity => identity.Id!).Order());
        Assert.Equal("8:acs:id", Assert.IsType<IntentResult.Exists>(await first.AskAsync("tag")).Identity.Id);
    }

    [SkippableFact]
    public async Task Of_all_who_ask_at_once_one_creates()
    {
        LedgerSession[] sessions = [await OpenAsync(), await OpenAsync(), await OpenAsync(), await OpenAsync()];
        string[] tags = [.. Enumerable.Range(0, 200).Select(i => $"tag {i}")];

        IntentResult[][] results = await Task.WhenAll(sessions.Select(session => AskForAllAsync(session, tags)));

        for (int i = 0; i < tags.Length; i++)
        {
            Assert.Single(results, ofOne => ofOne[i] is IntentResult.Recorded);
        }

        Assert.Equal(tags.Order(), sessions[0].Find().Select(identity => identity.Tag!).Order());
        Array.ForEach(sessions, session => session.Dispose());
    }

    /// <summary>Asks for each tag, creates the identities that it may, and has eight calls in flight.</summary>
    private static async Task<IntentResult[]> AskForAllAsync(LedgerSession session, string[] tags)
    {
        var results = new IntentResult[tags.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, tags.Length), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            CreateIntent intent = session.Intent(tags[i], isOnlyOne: true);
            results[i] = await session.Ledger.AddIntentAsync(intent);
            if (results[i] is IntentResult.Recorded { Key: var key })
            {
                await session.Ledger.SetCreatedAsync(intent, key, session.NewId(), Now, null);
            }
        });
        return results;
    }
}
