using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Xunit;
using static AcsIdentity.Tests.Ledger.LedgerSession;

namespace AcsIdentity.Tests.Ledger;

/// <summary>Searches, and tags that a careless store would change.</summary>
public abstract partial class LedgerContractTests
{
    /// <summary>Tags by a name, because a test's name cannot show them all.</summary>
    private static readonly Dictionary<string, string> _tags = new()
    {
        ["empty"] = "",
        ["quotes"] = "O'Brien \"Bob\" ''x'' `y`",
        ["SQL"] = "'; DROP TABLE identity; --",
        ["OData"] = "' or PartitionKey ne '",
        ["path"] = "../../etc/passwd",
        ["slashes"] = "a/b\\c#d?e%2Ff%00&g=h;i:j!k",
        ["lines"] = "a\nb\r\nc\td ",
        ["emoji"] = "\U0001F600 e\u0301 \u00e9 \u05d0\u05d1 \u202e",
        ["wildcards"] = "*?[a-z]_%",
        ["JSON"] = "{\"a\":null}",
        ["long"] = string.Concat(Enumerable.Repeat("long 'tag' \u00e4 ", 800))[..10_000],
    };

    public static TheoryData<string> TagNames() => [.. _tags.Keys];

    [SkippableTheory]
    [MemberData(nameof(TagNames))]
    public async Task Tag_is_kept_as_it_is(string name)
    {
        string tag = _tags[name];
        using LedgerSession session = await OpenAsync();
        await session.CreateAsync("other");
        CreateIntent intent = session.Intent(tag, isOnlyOne: true);
        string key = await session.AddAsync(intent);
        Assert.Equal(tag, Assert.Single(session.Find(new IdentityQuery(Resource) { States = IdentityState.Pending, Tag = tag })).Tag);

        await session.Ledger.SetCreatedAsync(intent, key, "8:acs:id", Now, null);

        foreach (IdentityQuery query in new[]
        {
            new IdentityQuery(Resource) { Tag = tag },
            new IdentityQuery(Resource) { TagPrefix = tag, CreatedAfter = Now, Id = "8:acs:id" },
            new IdentityQuery(Resource) { IdPrefix = "8:acs:id", TagPrefix = tag },
        })
        {
            IdentityRecord found = Assert.Single(session.Find(query));
            Assert.Equal(("8:acs:id", tag), (found.Id, found.Tag));
        }

        Assert.Equal(tag, Assert.IsType<IntentResult.Exists>(await session.AskAsync(tag)).Identity.Tag);
        Assert.Empty(session.Find(new IdentityQuery(Resource) { Tag = tag + " " }));
    }

    [SkippableFact]
    public async Task Prefix_of_a_tag_finds_only_tags_that_begin_with_it()
    {
        using LedgerSession session = await OpenAsync();
        foreach (string? tag in new[] { "team1/ann", "team1/bob", "team10", "team2/eve", "Team1/zoe", "team", "te\u00e4m", null })
        {
            await session.CreateAsync(tag);
        }

        Assert.Equal(["team1/ann", "team1/bob"], TagsOf("team1/"));
        Assert.Equal(["team1/ann", "team1/bob", "team10"], TagsOf("team1"));
        Assert.Equal(["te\u00e4m"], TagsOf("te\u00e4"));
        Assert.Equal(7, TagsOf("").Length);
        Assert.Empty(TagsOf("TEAM"));

        string[] TagsOf(string prefix) => [.. session.Find(new IdentityQuery(Resource) { TagPrefix = prefix }).Select(identity => identity.Tag!).Order(StringComparer.Ordinal)];
    }

    [SkippableFact]
    public async Task Id_is_found_as_it_is()
    {
        using LedgerSession session = await OpenAsync();
        foreach (string id in new[] { "8:acs:a/b", "8:acs:a?b#c\\d", "8:acs:a'b", "8:acs:a!002Fb", "8:acs:A", "8:acs:a" })
        {
            await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = id, Tag = "tag" });
        }

        Assert.Equal("8:acs:a/b", session.Get("8:acs:a/b").Id);
        Assert.Equal("8:acs:a", session.Get("8:acs:a").Id);
        Assert.Empty(session.Find(new IdentityQuery(Resource) { Id = "8:acs:" }));
        Assert.Empty(session.Find(new IdentityQuery(Resource) { Id = "8:acs:a", Tag = "another" }));
        Assert.Single(session.Find(new IdentityQuery(Resource) { Id = "8:acs:a", Tag = "tag" }));
        Assert.Equal(5, session.Find(new IdentityQuery(Resource) { IdPrefix = "8:acs:a" }).Count);
        Assert.Equal(["8:acs:a/b"], session.Find(new IdentityQuery(Resource) { IdPrefix = "8:acs:a/" }).Select(identity => identity.Id));
        Assert.Equal(6, session.Find(new IdentityQuery(Resource) { Tag = "tag" }).Count);
    }

    [SkippableTheory]
    [InlineData(IdentityState.Active, "active")]
    [InlineData(IdentityState.Pending, "pending")]
    [InlineData(IdentityState.Unknown, "unknown")]
    [InlineData(IdentityState.Deleted, "deleted")]
    [InlineData(IdentityState.Active | IdentityState.Deleted, "active,deleted")]
    [InlineData(IdentityState.Pending | IdentityState.Unknown, "pending,unknown")]
    [InlineData(IdentityState.Deleted | IdentityState.Unknown, "deleted,unknown")]
    [InlineData(IdentityState.All, "active,deleted,pending,unknown")]
    public async Task State_is_a_condition(IdentityState states, string createdBy)
    {
        using LedgerSession session = await OpenAsync();
        await session.CreateAsync("active");
        await session.Ledger.SetDeletedAsync(Resource, await session.CreateAsync("deleted"), Now);
        await session.AddAsync(session.Intent("pending"));
        CreateIntent unknown = session.Intent("unknown");
        await session.Ledger.SetUnknownAsync(unknown, await session.AddAsync(unknown));

        Assert.Equal(createdBy.Split(','), session.Find(states).Select(identity => identity.Tag!).Order());
        foreach (string tag in new[] { "active", "deleted", "pending", "unknown" })
        {
            Assert.Equal(createdBy.Split(',').Contains(tag), session.Find(new IdentityQuery(Resource) { States = states, Tag = tag }).Count == 1);
        }
    }

    [SkippableFact]
    public async Task Intent_has_no_id_to_be_found_by()
    {
        using LedgerSession session = await OpenAsync();
        await session.AddAsync(session.Intent("tag"));

        Assert.Empty(session.Find(new IdentityQuery(Resource) { States = IdentityState.All, IdPrefix = "" }));
        Assert.Single(session.Find(new IdentityQuery(Resource) { States = IdentityState.All, TagPrefix = "ta", CreatedAfter = Now, WithoutTokenAt = Now }));
        Assert.Empty(session.Find(new IdentityQuery(Resource) { States = IdentityState.All, CreatedBefore = Now }));
    }

    [SkippableFact]
    public async Task Time_of_creation_is_a_condition()
    {
        using LedgerSession session = await OpenAsync();
        foreach (int days in new[] { 1, 2, 3 })
        {
            await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = $"8:acs:{days}", Tag = "tag", CreatedOn = Now.AddDays(-days) });
        }

        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:other", Tag = "tag" });

        Assert.Equal(["8:acs:3"], IdsOf(new IdentityQuery(Resource) { CreatedBefore = Now.AddDays(-2) }));
        Assert.Equal(["8:acs:1", "8:acs:2"], IdsOf(new IdentityQuery(Resource) { CreatedAfter = Now.AddDays(-2) }));
        Assert.Equal(["8:acs:2"], IdsOf(new IdentityQuery(Resource) { CreatedAfter = Now.AddDays(-2), CreatedBefore = Now.AddDays(-1) }));
        // The same by tag and by id, which are other ways to find them.
        Assert.Equal(["8:acs:3"], IdsOf(new IdentityQuery(Resource) { Tag = "tag", CreatedBefore = Now.AddDays(-2) }));
        Assert.Equal(["8:acs:1", "8:acs:2"], IdsOf(new IdentityQuery(Resource) { Tag = "tag", CreatedAfter = Now.AddDays(-2) }));
        Assert.Empty(IdsOf(new IdentityQuery(Resource) { Id = "8:acs:other", CreatedBefore = Now }));
        Assert.Equal(["8:acs:2"], IdsOf(new IdentityQuery(Resource) { Id = "8:acs:2", CreatedBefore = Now }));

        string[] IdsOf(IdentityQuery query) => [.. session.Find(query).Select(identity => identity.Id!).Order()];
    }

    [SkippableFact]
    public async Task Token_is_a_condition()
    {
        using LedgerSession session = await OpenAsync();
        string with = await session.CreateAsync("tag", Token());
        string without = await session.CreateAsync("tag");

        Assert.Equal([without], WithoutToken(session, 59).Select(identity => identity.Id));
        Assert.Equal(2, WithoutToken(session, 60).Length);
        Assert.Equal([without], session.Find(new IdentityQuery(Resource) { Tag = "tag", WithoutTokenAt = Now }).Select(identity => identity.Id));
        Assert.Empty(session.Find(new IdentityQuery(Resource) { Id = with, WithoutTokenAt = Now }));
    }

    [SkippableFact]
    public async Task Each_resource_has_its_own_records()
    {
        using LedgerSession session = await OpenAsync();
        Uri other = new("https://fabrikam.communication.azure.com/");
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:id", Tag = "here" });

        await session.Ledger.ImportAsync(other, new IdentityRecord { Id = "8:acs:id", Tag = "there" });

        Assert.Equal("here", session.Get("8:acs:id").Tag);
        Assert.Equal("there", Assert.Single(session.Find(new IdentityQuery(other))).Tag);
        Assert.Equal("here", Assert.Single(session.Find(new IdentityQuery(new Uri("HTTPS://CONTOSO.communication.azure.com:443")))).Tag);
    }

    [SkippableFact]
    public async Task Search_finds_each_of_many_once()
    {
        using LedgerSession session = await OpenAsync();
        await Parallel.ForAsync(0, 2_300, async (i, _) => await session.CreateAsync("tag"));

        Assert.Equal(2_300, session.Find().Select(identity => identity.Id).Distinct().Count());
        Assert.Equal(2_300, session.Find(new IdentityQuery(Resource) { Tag = "tag" }).Select(identity => identity.Id).Distinct().Count());
        Assert.Equal(5, session.Ledger.Find(new IdentityQuery(Resource), CancellationToken.None).Take(5).Count());
    }

    [SkippableFact]
    public async Task Records_can_be_changed_while_they_are_read()
    {
        using LedgerSession session = await OpenAsync();
        await Parallel.ForAsync(0, 50, async (_, _) => await session.CreateAsync());

        foreach (IdentityRecord identity in session.Ledger.Find(new IdentityQuery(Resource), CancellationToken.None))
        {
            await session.Ledger.SetDeletedAsync(Resource, identity.Id!, Now);
        }

        Assert.Empty(session.Find(IdentityState.Active));
    }

    [SkippableFact]
    public async Task Search_can_be_cancelled()
    {
        using LedgerSession session = await OpenAsync();
        await session.CreateAsync("tag");
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        Assert.ThrowsAny<OperationCanceledException>(() => session.Ledger.Find(new IdentityQuery(Resource), cancellation.Token).ToArray());
    }
}
