using System;
using System.Collections.Generic;
using AcsIdentity.Models;
using AcsIdentity.Ports;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Core;

/// <summary>The module's values: ids, scopes, lifetimes, tokens and their claims, failures.</summary>
public sealed class ValueTests
{
    private const string Id = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081";

    [Theory]
    [InlineData(Id)]
    [InlineData("8:gcch-acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081")]
    [InlineData("8:dod-acs:2DEE53B4-368B-45B4-AB52-8493FB117652_00000005-14a2-493b-8a72-5a3a0d000081")]
    [InlineData("8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_72f988bf-86f1-41af-91ab-2d7cd011db47_00000005-14a2-493b-8a72-5a3a0d000081")]
    public void Acs_id_is_valid(string id) => Assert.True(AcsId.IsValid(id));

    [Theory]
    [InlineData("")]
    [InlineData("bob")]
    [InlineData("8:orgid:2dee53b4-368b-45b4-ab52-8493fb117652")]
    [InlineData("4:+15551234567")]
    [InlineData("8:acs:2dee53b4-368b-45b4-ab52-8493fb117652")]
    [InlineData("8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d00008")]
    [InlineData(Id + "\n")]
    [InlineData("x" + Id)]
    public void Other_text_is_not_an_acs_id(string id) => Assert.False(AcsId.IsValid(id));

    [Fact]
    public void Scopes_are_split_and_spelt_as_the_service_does()
    {
        Assert.Equal(["chat", "voip.join", "chat.join"], TokenScope.Split(["Chat, VOIP.join", "chat;chat.join ", null, ""]));
        Assert.Equal("chat,voip", new TokenScope(["chat", "voip"]).ToString());
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(1440, true)]
    [InlineData(59.99, false)]
    [InlineData(1440.01, false)]
    [InlineData(0, false)]
    [InlineData(-60, false)]
    public void Lifetime_is_between_an_hour_and_a_day(double minutes, bool isGood)
    {
        Assert.Equal(isGood, TokenLifetime.Validate(TimeSpan.FromMinutes(minutes)) is null);
    }

    [Fact]
    public void Token_prints_its_identity_scopes_and_expiry_but_not_its_text()
    {
        string[] scope = ["chat", "voip"];
        CommunicationToken[] tokens =
        [
            new SecureCommunicationToken(Id, scope, DateTimeOffset.UnixEpoch, Secret.FromText("secret-token")),
            new PlainTextCommunicationToken(Id, scope, DateTimeOffset.UnixEpoch, "secret-token"),
        ];

        Assert.All(tokens, token => Assert.Equal($"{Id} [chat,voip] until 1970-01-01T00:00:00Z", token.ToString()));
    }

    [Fact]
    public void Identities_with_one_id_are_one()
    {
        var identity = new CommunicationIdentity(Id, "ann");
        var withToken = new CommunicationIdentity(Id, tag: null, TokenOf("chat"));

        AssertEqual(identity, withToken);
        Assert.NotEqual(identity, new CommunicationIdentity(Id[..^1] + "2", "ann"));
        Assert.NotEqual(identity, new CommunicationIdentity("8:acs:" + Id[6..].ToUpperInvariant(), "ann"));
        Assert.False(identity.Equals(null));
        Assert.False(identity.Equals(TokenOf("chat")));
    }

    [Fact]
    public void Tokens_are_one_by_id_scope_and_expiry()
    {
        CommunicationToken token = TokenOf("chat", "voip");

        AssertEqual(token, new PlainTextCommunicationToken(Id, ["chat", "voip"], DateTimeOffset.UnixEpoch, "another"));
        Assert.NotEqual(token, TokenOf("chat"));
        Assert.NotEqual(token, TokenOf("voip", "chat"));
        Assert.NotEqual(token, new SecureCommunicationToken(Id[..^1] + "2", ["chat", "voip"], token.Expiry, Secret.FromText("token")));
        Assert.NotEqual(token, new SecureCommunicationToken(Id, ["chat", "voip"], token.Expiry.AddTicks(1), Secret.FromText("token")));
        Assert.False(token.Equals(null));
    }

    [Fact]
    public void Objects_for_mocks_are_checked()
    {
        const string TeamsUser = "8:orgid:2dee53b4-368b-45b4-ab52-8493fb117652";
        CommunicationToken token = TokenOf("chat");

        Assert.Equal(("ann", Id, token), (new CommunicationIdentity(Id, "ann", token).Tag, new CommunicationIdentity(Id).Id, new CommunicationIdentity(Id, null, token).AccessToken));
        Assert.Equal("secret", new PlainTextCommunicationIdentity(Id, "ann", new PlainTextCommunicationToken(Id, ["chat"], DateTimeOffset.UnixEpoch, "secret")).Token);
        Assert.Equal(TeamsUser, new PlainTextCommunicationToken(TeamsUser, [], DateTimeOffset.UnixEpoch, "secret").Id);
        Assert.Throws<ArgumentException>("id", () => new CommunicationIdentity("bob"));
        Assert.Throws<ArgumentException>("id", () => new CommunicationIdentity(TeamsUser));
        Assert.Throws<ArgumentException>("id", () => new CommunicationIdentity(null!));
        Assert.Throws<ArgumentException>("accessToken", () => new CommunicationIdentity(Id[..^1] + "2", null, token));
        Assert.Throws<ArgumentException>("id", () => new PlainTextCommunicationToken("bob", ["chat"], DateTimeOffset.UnixEpoch, "secret"));
        Assert.Throws<ArgumentException>("scopes", () => new PlainTextCommunicationToken(Id, ["sms"], DateTimeOffset.UnixEpoch, "secret"));
        Assert.Throws<ArgumentException>("token", () => new PlainTextCommunicationToken(Id, ["chat"], DateTimeOffset.UnixEpoch, ""));
        Assert.Throws<ArgumentNullException>("token", () => new SecureCommunicationToken(Id, ["chat"], DateTimeOffset.UnixEpoch, null!));
    }

    [Fact]
    public void Scopes_are_equal_in_the_same_order()
    {
        var scope = new TokenScope(["chat", "voip"]);

        AssertEqual(scope, new TokenScope(["chat", "voip"]));
        // As objects: xunit compares lists item by item.
        Assert.False(scope.Equals((object)new TokenScope(["voip", "chat"])));
        Assert.False(scope.Equals(null));
    }

    [Fact]
    public void Secret_can_be_read_but_not_changed()
    {
        using System.Security.SecureString secret = Secret.FromText("s€cret");

        Assert.True(secret.IsReadOnly());
        Assert.Equal("s€cret", Secret.ToText(secret));
    }

    [Fact]
    public void Claims_are_read()
    {
        var read = CommunicationTokenClaims.Read(Jwt.Unsigned(
            """{"skypeid":"acs:r_u","scp":1792,"csi":"1","exp":1696974000,"rgn":"amer","acsScope":"chat,voip","resourceId":"r","iat":1696970400,"ok":true,"list":[1],"none":null,"half":0.5}"""));

        Assert.Equal("8:acs:r_u", read.Id);
        Assert.Equal(["chat", "voip"], read.Scope);
        Assert.Equal("r", read.ResourceId);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1696970400), read.Issued);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1696974000), read.Expiry);
        Assert.Equal(new object?[] { 1792L, true, "[1]", null, 0.5 }, [read.Claims["scp"], read.Claims["ok"], read.Claims["list"], read.Claims["none"], read.Claims["half"]]);
    }

    [Fact]
    public void Claims_that_are_missing_are_null()
    {
        var read = CommunicationTokenClaims.Read(Jwt.Unsigned("{}"));

        Assert.Equal((null, null, null, null, 0), (read.Id, read.Issued, read.Expiry, read.ResourceId, read.Scope.Count));
    }

    [Theory]
    [InlineData(1767225600000)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Time_claim_out_of_range_is_null(long seconds)
    {
        var read = CommunicationTokenClaims.Read(Jwt.Unsigned($$"""{"exp":{{seconds}},"iat":1767225600}"""));

        Assert.Null(read.Expiry);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), read.Issued);
        Assert.Equal(seconds, read.Claims["exp"]);
    }

    public static TheoryData<string> Malformed() =>
    [
        "", "secret", "secret.secret", "secret.secret.secret.secret", "secret.%%%.secret", Jwt.Unsigned("[\"secret\"]"), Jwt.Unsigned("secret"),
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_token_is_refused_without_quoting_it(string token)
    {
        FormatException malformed = Assert.Throws<FormatException>(() => CommunicationTokenClaims.Read(token));

        Assert.DoesNotContain("secret", malformed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_message_has_endpoint_reason_and_the_facts_for_support()
    {
        var failure = new AcsServiceException(FailureKind.Throttled, new Uri("https://r.communication.azure.com"), "Slow down.")
        {
            Status = 429,
            ServiceCode = "TooManyRequests",
            RequestId = "abc",
            RetryAfter = TimeSpan.FromSeconds(12),
        };

        Assert.Equal(
            "https://r.communication.azure.com/: The resource's quota is used up. Slow down. (HTTP 429, TooManyRequests, retry after 12 s, request id abc)",
            failure.Message);
    }

    [Fact]
    public void Failure_message_does_not_repeat_the_reason()
    {
        var failure = new AcsServiceException(FailureKind.Throttled, new Uri("https://r/"), "The resource's quota is used up.") { Status = 429 };

        Assert.Equal("https://r/: The resource's quota is used up. (HTTP 429)", failure.Message);
    }

    [Fact]
    public void Failure_message_begins_with_its_subject()
    {
        var failure = new AcsServiceException(FailureKind.Timeout, new Uri("https://r/"), "Too late.") { Subject = "ann" };

        Assert.StartsWith("'ann': https://r/: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_of_failure_has_a_different_message()
    {
        var messages = new HashSet<string>();
        foreach (FailureKind kind in Enum.GetValues<FailureKind>())
        {
            Assert.True(messages.Add(new AcsServiceException(kind, new Uri("https://r/"), "Reason.").Message), kind.ToString());
        }
    }

    private static SecureCommunicationToken TokenOf(params string[] scope) => new(Id, scope, DateTimeOffset.UnixEpoch, Secret.FromText("token"));

    private static void AssertEqual<T>(T one, T other)
        where T : class, IEquatable<T>
    {
        Assert.NotSame(one, other);
        Assert.True(one.Equals(other));
        Assert.True(one.Equals((object)other));
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }
}
