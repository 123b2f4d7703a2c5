using System;
using System.Text.Json;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator;

/// <summary>Microsoft's published JavaScript client against the emulator: the one test of it with code that neither side wrote.</summary>
public sealed class JavaScriptClientTests
{
    [SkippableTheory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    [InlineData(HostKind.KestrelOverHttps)]
    public async Task Every_operation_works(HostKind kind)
    {
        string? problem = await NodePackages.ProblemAsync();
        Skip.If(problem is not null, problem);
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        var app = Guid.NewGuid();
        var user = Guid.NewGuid();
        DateTimeOffset entraExpiry = DateTimeOffset.UtcNow.AddMinutes(45);
        string entraToken = Jwt.Unsigned($$"""{"exp":{{entraExpiry.ToUnixTimeSeconds()}},"appid":"{{app}}","oid":"{{user}}"}""");

        string printed = await NodePackages.RunAsync("client.mjs", host.CertificatePath, host.ConnectionString, entraToken, app.ToString(), user.ToString());

        JsonElement got = JsonDocument.Parse(printed).RootElement;
        Assert.Matches($"^8:acs:{host.Emulator.ResourceId}_", got.GetProperty("user").GetProperty("communicationUserId").GetString());
        Assert.Matches($"^8:acs:{host.Emulator.ResourceId}_", got.GetProperty("withToken").GetProperty("user").GetProperty("communicationUserId").GetString());
        Assert.True(host.Emulator.Introspect(Text(got, "withToken", "token")).IsActive);
        AssertExpiresIn(TimeSpan.FromHours(1), got.GetProperty("withToken"));
        AssertExpiresIn(TimeSpan.FromHours(2), got.GetProperty("token"));
        AssertExpiresIn(TimeSpan.FromMinutes(45), got.GetProperty("teamsToken"));
        TokenIntrospection deletedUsersToken = host.Emulator.Introspect(Text(got, "token", "token"));
        Assert.True(deletedUsersToken.IsSigned);
        Assert.False(deletedUsersToken.IsActive);
        AssertRefusal(400, "ValidationError", "ExpiresInMinutes value 59 is invalid. Value must be within the [60, 1440] interval.", got.GetProperty("shortLifetime"));
        AssertRefusal(401, "IdentityNotOwned", "Provided identity doesn't belong to the resource.", got.GetProperty("deleted"));
        AssertRefusal(401, "Denied", "Denied by the resource provider.", got.GetProperty("denied"));
        Assert.Equal(9, host.Emulator.RequestCount);
        Assert.Equal(1, host.Emulator.IdentityCount);
    }

    private static string Text(JsonElement json, string first, string second) => json.GetProperty(first).GetProperty(second).GetString()!;

    private static void AssertExpiresIn(TimeSpan lifetime, JsonElement token)
    {
        TimeSpan left = token.GetProperty("expiresOn").GetDateTimeOffset() - DateTimeOffset.UtcNow;
        Assert.InRange(left, lifetime - TimeSpan.FromMinutes(10), lifetime);
    }

    private static void AssertRefusal(int status, string code, string message, JsonElement refusal)
    {
        Assert.Equal(
            (status, code, message),
            (refusal.GetProperty("status").GetInt32(), refusal.GetProperty("code").GetString(), refusal.GetProperty("message").GetString()));
    }
}
