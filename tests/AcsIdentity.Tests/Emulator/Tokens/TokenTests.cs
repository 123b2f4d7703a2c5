using System;
using System.Text.Json;
using AcsIdentity.Emulator;
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
    public void Token_expires()
    {
        string token = Issue(Create(), """{"scopes":["voip"],"expiresInMinutes":60}""");

        Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(Emulator.Introspect(token).IsActive);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new TokenIntrospection(IsSigned: true, IsExpired: true, IsRevoked: false, IdentityExists: true), Emulator.Introspect(token));
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
