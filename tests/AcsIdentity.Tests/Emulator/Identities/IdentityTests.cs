using System;
using System.Linq;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Identities;

/// <summary>An identity and the store, without requests.</summary>
public sealed class IdentityTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualClock _clock = new(_now);

    [Fact]
    public void Newest_5_tokens_are_kept_newest_first()
    {
        var identity = new Identity("id", "bob", _now);
        Assert.Null(identity.LastTokenIssuedAt);

        long[] numbers = Enumerable.Range(0, 7).Select(i => identity.AddToken("chat", _now.AddSeconds(i), _now.AddHours(1))).ToArray();

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], numbers);
        Assert.Equal([7, 6, 5, 4, 3], identity.NewestTokens.Select(token => token.Number));
        Assert.Equal(_now.AddSeconds(6), identity.LastTokenIssuedAt);
    }

    [Fact]
    public void Revocation_counts_the_tokens_until_then()
    {
        var identity = new Identity("id", null, _now);
        identity.AddToken("chat", _now, _now);
        identity.AddToken("chat", _now, _now);
        Assert.False(identity.IsRevoked(1));

        identity.RevokeTokens();
        identity.AddToken("chat", _now, _now);

        Assert.Equal((3, 2), identity.Tokens);
        Assert.Equal([true, true, false], new long[] { 1, 2, 3 }.Select(identity.IsRevoked));
    }

    [Fact]
    public void Store_lists_the_newest_identities_first()
    {
        var store = new IdentityStore(Guid.NewGuid(), [], _clock);
        Identity[] created = Enumerable.Range(0, 4).Select(_ => store.Create()).ToArray();
        store.Delete(created[2].Id);

        Assert.Equal([created[3], created[1]], store.Newest(2));
        Assert.Equal(3, store.Newest(10).Count);

        store.Reset();
        Assert.Empty(store.Newest(10));
        Assert.Null(store.Find(created[0].Id));
    }

    [Fact]
    public void Deletion_of_an_unknown_identity_changes_nothing()
    {
        var store = new IdentityStore(Guid.NewGuid(), [], _clock);
        Identity bob = store.GetOrCreate("bob");

        Assert.False(store.Delete("other"));
        Assert.Same(bob, store.GetOrCreate("bob"));
        Assert.Equal(_now, bob.CreatedAt);
    }
}
