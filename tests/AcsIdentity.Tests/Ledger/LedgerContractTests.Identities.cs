using System;
using System.Linq;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Xunit;
using static AcsIdentity.Tests.Ledger.LedgerSession;

namespace AcsIdentity.Tests.Ledger;

/// <summary>Tokens, revocation, deletion and import.</summary>
public abstract partial class LedgerContractTests
{
    private const string Unlisted = "8:acs:unlisted";

    [SkippableFact]
    public async Task Last_token_is_recorded()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag", Token());

        await session.Ledger.AddTokenAsync(Resource, id, "tag", Token(1, 120, "voip", "chat"));

        Assert.Equal(["voip", "chat"], session.Get(id).Scopes);
        Assert.Equal(Now.AddMinutes(121), session.Get(id).TokenExpiresOn);
    }

    [SkippableFact]
    public async Task Token_without_scopes_leaves_none()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag", Token(0, 60, "voip"));

        await session.Ledger.AddTokenAsync(Resource, id, "tag", new RecordedToken([], Now.AddMinutes(1), Now.AddHours(2)));

        Assert.Empty(session.Get(id).Scopes);
        Assert.Equal(Now.AddHours(2), session.Get(id).TokenExpiresOn);
    }

    [SkippableFact]
    public async Task Token_adds_an_identity_that_is_not_known()
    {
        using LedgerSession session = await OpenAsync();

        await session.Ledger.AddTokenAsync(Resource, Unlisted, "tag", Token());

        IdentityRecord added = Assert.Single(session.Find(new IdentityQuery(Resource) { Tag = "tag" }));
        Assert.Equal((Unlisted, IdentityState.Active, null, null, Now.AddHours(1)), (added.Id, added.State, added.CreatedOn, added.CreatedBy, added.TokenExpiresOn));
    }

    [SkippableFact]
    public async Task Token_that_was_issued_earlier_and_recorded_later_is_not_the_last_one()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync();
        await session.Ledger.AddTokenAsync(Resource, id, null, Token(10, 60, "voip"));

        await session.Ledger.AddTokenAsync(Resource, id, null, Token(0, 60, "chat"));

        Assert.Equal(["voip"], session.Get(id).Scopes);
        Assert.Equal(Now.AddMinutes(70), session.Get(id).TokenExpiresOn);
        // Between the two: the later token is alive.
        await session.Ledger.SetTokensRevokedAsync(Resource, id, Now.AddMinutes(5));
        Assert.Empty(WithoutToken(session, 60));
    }

    [SkippableFact]
    public async Task Identity_has_a_token_until_the_last_one_expires()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag", Token(0, 120));
        await session.Ledger.AddTokenAsync(Resource, id, "tag", Token(1, 60));

        Assert.Empty(WithoutToken(session, 119));
        Assert.Single(WithoutToken(session, 120));
    }

    [SkippableFact]
    public async Task Revocation_ends_the_tokens()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag", Token());

        await session.Ledger.SetTokensRevokedAsync(Resource, id, Now);

        Assert.Empty(session.Get(id).Scopes);
        Assert.Equal((null, Now, IdentityState.Active), (session.Get(id).TokenExpiresOn, session.Get(id).TokensRevokedOn, session.Get(id).State));
        Assert.Single(WithoutToken(session, 1));
    }

    [SkippableFact]
    public async Task Revocation_does_not_end_a_token_that_was_issued_after_it()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag", Token(2));

        await session.Ledger.SetTokensRevokedAsync(Resource, id, Now.AddMinutes(1));

        Assert.Equal(["chat"], session.Get(id).Scopes);
        Assert.Equal((Now.AddMinutes(62), Now.AddMinutes(1)), (session.Get(id).TokenExpiresOn, session.Get(id).TokensRevokedOn));
        Assert.Empty(WithoutToken(session, 61));
    }

    [SkippableFact]
    public async Task Token_that_was_issued_before_the_revocation_and_recorded_after_it_is_revoked()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag");
        await session.Ledger.SetTokensRevokedAsync(Resource, id, Now.AddMinutes(1));

        await session.Ledger.AddTokenAsync(Resource, id, "tag", Token(1));

        Assert.Null(session.Get(id).TokenExpiresOn);
        Assert.Single(WithoutToken(session, 2));
    }

    [SkippableFact]
    public async Task Token_after_a_revocation_is_recorded()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag", Token());
        await session.Ledger.SetTokensRevokedAsync(Resource, id, Now.AddMinutes(1));

        await session.Ledger.AddTokenAsync(Resource, id, "tag", Token(2));

        Assert.Equal(Now.AddMinutes(62), session.Get(id).TokenExpiresOn);
        Assert.Empty(WithoutToken(session, 61));
    }

    [SkippableFact]
    public async Task Revocation_that_is_recorded_late_does_not_hide_a_later_one()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag");
        await session.Ledger.SetTokensRevokedAsync(Resource, id, Now.AddMinutes(2));

        await session.Ledger.SetTokensRevokedAsync(Resource, id, Now.AddMinutes(1));

        Assert.Equal(Now.AddMinutes(2), session.Get(id).TokensRevokedOn);
    }

    [SkippableFact]
    public async Task Deleted_identity_is_kept_as_deleted()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag", Token());

        await session.Ledger.SetDeletedAsync(Resource, id, Now.AddMinutes(1));
        await session.Ledger.SetDeletedAsync(Resource, id, Now.AddMinutes(2));

        IdentityRecord deleted = Assert.Single(session.Find(IdentityState.Deleted));
        Assert.Equal((id, "tag", Now.AddMinutes(1)), (deleted.Id, deleted.Tag, deleted.DeletedOn));
        Assert.Empty(session.Find(IdentityState.Active));
        Assert.Single(session.Find(new IdentityQuery(Resource) { States = IdentityState.All, WithoutTokenAt = Now }));
    }

    [SkippableFact]
    public async Task Token_that_was_issued_before_the_deletion_does_not_revive_an_identity()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag");
        await session.Ledger.SetDeletedAsync(Resource, id, Now.AddMinutes(1));

        await session.Ledger.AddTokenAsync(Resource, id, "tag", Token());

        Assert.Equal(IdentityState.Deleted, session.Get(id).State);
        Assert.Single(session.Find(new IdentityQuery(Resource) { States = IdentityState.All, WithoutTokenAt = Now }));
    }

    [SkippableFact]
    public async Task Identity_that_is_not_known_is_neither_revoked_nor_deleted()
    {
        using LedgerSession session = await OpenAsync();

        await session.Ledger.SetTokensRevokedAsync(Resource, Unlisted, Now);
        await session.Ledger.SetDeletedAsync(Resource, Unlisted, Now);

        Assert.Empty(session.Find());
    }

    [SkippableFact]
    public async Task Changes_of_one_identity_at_once_are_all_kept()
    {
        using LedgerSession first = await OpenAsync();
        using LedgerSession second = await OpenAsync();
        string id = await first.CreateAsync("tag");

        await Task.WhenAll(Enumerable.Range(1, 20).SelectMany(i => new[]
        {
            first.Ledger.AddTokenAsync(Resource, id, "tag", Token(10, i)),
            second.Ledger.SetTokensRevokedAsync(Resource, id, Now.AddSeconds(i)),
        }));

        Assert.Equal(Now.AddSeconds(20), second.Get(id).TokensRevokedOn);
        Assert.Empty(WithoutToken(first, 29));
    }

    [SkippableFact]
    public async Task Import_adds_an_identity_as_it_is_described()
    {
        using LedgerSession session = await OpenAsync();
        var record = new IdentityRecord { Id = Unlisted, Tag = "tag", State = IdentityState.Deleted, CreatedOn = Now.AddDays(-2), CreatedBy = "me@there", DeletedOn = Now.AddDays(-1) };

        IdentityRecord imported = await session.Ledger.ImportAsync(Resource, record);

        foreach (IdentityRecord found in new[] { imported, Assert.Single(session.Find()) })
        {
            Assert.Equal((record.Id, record.Tag, record.State), (found.Id, found.Tag, found.State));
            Assert.Equal((record.CreatedOn, record.CreatedBy, record.DeletedOn), (found.CreatedOn, found.CreatedBy, found.DeletedOn));
        }
    }

    [SkippableFact]
    public async Task Import_gives_a_known_identity_a_tag_and_nothing_else()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync(null, Token());
        var record = new IdentityRecord { Id = id, Tag = "tag", State = IdentityState.Deleted, CreatedOn = Now.AddDays(-2), DeletedOn = Now };

        IdentityRecord imported = await session.Ledger.ImportAsync(Resource, record);

        Assert.Equal((id, "tag", IdentityState.Active, Now, Now.AddHours(1)), (imported.Id, imported.Tag, imported.State, imported.CreatedOn, imported.TokenExpiresOn));
        Assert.Equal(id, Assert.Single(session.Find(new IdentityQuery(Resource) { Tag = "tag" })).Id);
    }

    [SkippableFact]
    public async Task Import_leaves_a_tag_as_it_is()
    {
        using LedgerSession session = await OpenAsync();
        await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = Unlisted, Tag = "first" });

        IdentityRecord imported = await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = Unlisted, Tag = "second" });

        Assert.Equal("first", imported.Tag);
        Assert.Empty(session.Find(new IdentityQuery(Resource) { Tag = "second" }));
        Assert.Equal("first", Assert.Single(session.Find()).Tag);
    }

    [SkippableFact]
    public async Task Import_without_a_tag_takes_none_away()
    {
        using LedgerSession session = await OpenAsync();
        string id = await session.CreateAsync("tag");

        Assert.Equal("tag", (await session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = id })).Tag);
    }

    /// <summary>Finds the active identities that have no token some minutes after the time of the test.</summary>
    private static IdentityRecord[] WithoutToken(LedgerSession session, double minutes) =>
        [.. session.Find(new IdentityQuery(Resource) { WithoutTokenAt = Now.AddMinutes(minutes) })];

    [SkippableTheory]
    [InlineData(32_768, 'a', "The tag has 32,768 characters. A ledger keeps at most 32,767.")]
    [InlineData(1, '\ud83d', "The tag has half of a surrogate pair, which is not valid text. A ledger cannot keep it.")]
    public async Task Tag_that_no_ledger_can_keep_is_refused_before_anything_is_recorded(int length, char unit, string reason)
    {
        using LedgerSession session = await OpenAsync();
        string tag = new(unit, length);

        foreach (Func<Task> record in new Func<Task>[]
        {
            () => session.AddAsync(session.Intent(tag)),
            () => session.AskAsync(tag),
            () => session.Ledger.AddTokenAsync(Resource, "8:acs:id", tag, Token()),
            () => session.Ledger.ImportAsync(Resource, new IdentityRecord { Id = "8:acs:id", Tag = tag }),
        })
        {
            Assert.Equal(reason, (await Assert.ThrowsAsync<LedgerException>(record)).Message);
        }

        Assert.Empty(session.Find());
        Assert.Empty(session.Find(new IdentityQuery(Resource) { Tag = tag }));
    }
}
