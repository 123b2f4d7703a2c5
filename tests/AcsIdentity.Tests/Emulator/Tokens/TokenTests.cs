using System;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Tokens;

/// <summary>Access tokens and their introspection.</summary>
public sealed class TokenTests : EmulatorTests
{
    [Fact]
    public void Token_has_the_claims_that_clients_read()
    {
        string id = Create();

        string token = Issue(id, """{"scopes":["voip","CHAT","chat"],"expiresInMinutes":1440}""");

        string[] parts = token.Split('.');
        JsonElement header = JsonDocument.Parse(Decode(parts[0])).RootElement;
        JsonElement claims = JsonDocument.Parse(Decode(parts[1])).RootElement;
        Assert.Equal("RS256", header.GetProperty("alg").GetString());
        Assert.Equal(id["8:".Length..], claims.GetProperty("skypeid").GetString());
        Assert.Equal("voip,chat", claims.GetProperty("acsScope").GetString());
        Assert.Equal(Emulator.ResourceId.ToString(), claims.GetProperty("resourceId").GetString());
        Assert.Equal(Clock.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(Clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
    }

    [Fact]
    public void Token_has_the_claims_of_a_token_of_the_service_and_its_number()
    {
        JsonElement claims = Jwt.Claims(Issue(Create()));

        Assert.Equal(
            ["skypeid", "scp", "csi", "exp", "rgn", "acsScope", "resourceId", "resourceLocation", "iat", "jti"], claims.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(1792, claims.GetProperty("scp").GetInt32());
        Assert.Equal(claims.GetProperty("iat").GetRawText(), claims.GetProperty("csi").GetString());
    }

    [Fact]
    public void Token_expires()
    {
        string token = Issue(Create(), """{"scopes":["voip"],"expiresInMinutes":60}""");

        Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(Emulator.Introspect(token).IsActive);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new TokenIntrospection(IsSigned: true, IsExpired: true, IsRevoked: false, IdentityExists: true), Emulator.Introspect(token));
    }

    [Fact]
    public void Tokens_of_an_identity_are_numbered_from_1()
    {
        string id = Create();

        Assert.Equal(["1", "2"], new[] { Issue(id), Issue(id) }.Select(token => Jwt.Claims(token).GetProperty("jti").GetString()));
    }

    [Fact]
    public void Token_of_a_teams_user_has_the_scopes_chat_and_voip_and_is_never_revoked()
    {
        var user = Guid.Parse("0b6c3f0e-4ef4-4f63-95c5-6c7d8e9fa002");
        using var signer = new TokenSigner();
        var identities = new IdentityStore(Emulator.ResourceId, [], Clock);
        var service = new TokenService(Emulator.ResourceId, identities, new Lazy<TokenSigner>(signer), Clock);

        string token = service.IssueForTeamsUser(user, Clock.GetUtcNow().AddHours(1)).Text;

        JsonElement claims = Jwt.Claims(token);
        Assert.Equal(("orgid:" + user, "0", "chat,voip"), (claims.GetProperty("skypeid").GetString(), claims.GetProperty("jti").GetString(), claims.GetProperty("acsScope").GetString()));
        Assert.Equal(new TokenIntrospection(IsSigned: true, IsExpired: false, IsRevoked: false, IdentityExists: true), service.Introspect(token));
    }

    [Theory]
    [InlineData(true, false, false, true, true)]
    [InlineData(false, false, false, true, false)]
    [InlineData(true, true, false, true, false)]
    [InlineData(true, false, true, true, false)]
    [InlineData(true, false, false, false, false)]
    public void Token_is_active_if_nothing_speaks_against_it(bool isSigned, bool isExpired, bool isRevoked, bool identityExists, bool isActive)
    {
        Assert.Equal(isActive, new TokenIntrospection(isSigned, isExpired, isRevoked, identityExists).IsActive);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Token_record_expires_in_the_second_of_its_expiry(int seconds, bool isExpired)
    {
        DateTimeOffset expiresOn = Clock.GetUtcNow().AddMilliseconds(900);

        Assert.Equal(isExpired, new TokenRecord(1, "chat", Clock.GetUtcNow(), expiresOn).IsExpired(Clock.GetUtcNow().AddSeconds(seconds)));
    }

    [Fact]
    public void Token_of_another_signer_or_with_changes_is_not_signed()
    {
        using var other = new IdentityEmulator();
        string token = Issue(Create());
        string[] parts = token.Split('.');
        string changed = $"{parts[0]}.{Jwt.Encode(Decode(parts[1]).Replace("voip", "chat", StringComparison.Ordinal))}.{parts[2]}";

        Assert.True(Emulator.Introspect(token).IsSigned);
        Assert.False(other.Introspect(token).IsSigned);
        Assert.False(Emulator.Introspect(changed).IsSigned);
        Assert.False(Emulator.Introspect(parts[0] + "." + parts[1] + ".").IsSigned);
        Assert.False(Emulator.Introspect("").IsSigned);
    }
}
