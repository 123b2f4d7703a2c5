using System;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Identities;

/// <summary>The identities that exist from the start.</summary>
public sealed class InitialIdentityTests
{
    private const string Resource = "2dee53b4-368b-45b4-ab52-8493fb117652";
    private const string Ann = $"8:acs:{Resource}_00000005-14a2-493b-8a72-5a3a0d000081";
    private const string Bob = $"8:acs:{Resource}_00000005-14a2-493b-8a72-5a3a0d000082";
    private const string Foreign = "8:acs:72f988bf-86f1-41af-91ab-2d7cd011db47_00000005-14a2-493b-8a72-5a3a0d000081";

    [Fact]
    public void Initial_identities_get_tokens_and_their_resource_is_the_emulators()
    {
        using var emulator = new IdentityEmulator(new EmulatorOptions { Identities = [Ann, Bob, Ann] });

        Assert.Equal((2, Guid.Parse(Resource)), (emulator.IdentityCount, emulator.ResourceId));
        Assert.True(emulator.Introspect(Issue(emulator, Ann)).IsActive);
        Assert.StartsWith($"8:acs:{Resource}_", Create(emulator), StringComparison.Ordinal);
    }

    [Fact]
    public void Resource_of_the_options_is_the_emulators_unless_there_are_initial_identities()
    {
        var chosen = Guid.NewGuid();
        using var empty = new IdentityEmulator(new EmulatorOptions { ResourceId = chosen });
        using var filled = new IdentityEmulator(new EmulatorOptions { ResourceId = chosen, Identities = [Ann] });

        Assert.Equal((chosen, Guid.Parse(Resource)), (empty.ResourceId, filled.ResourceId));
    }

    [Fact]
    public void Reset_restores_them_without_their_tokens()
    {
        using var emulator = new IdentityEmulator(new EmulatorOptions { Identities = [Ann, Bob] });
        string token = Issue(emulator, Ann);
        Assert.Equal(204, Send(emulator, "DELETE", "/identities/" + Uri.EscapeDataString(Bob)).Status);
        Create(emulator);

        emulator.Reset();

        Assert.Equal(2, emulator.IdentityCount);
        Assert.Equal(204, Send(emulator, "DELETE", "/identities/" + Uri.EscapeDataString(Bob)).Status);
        JsonElement listed = JsonDocument.Parse(Send(emulator, "GET", "/emulator/identities").Body).RootElement.GetProperty("newest")[0];
        Assert.Equal((Ann, 0), (listed.GetProperty("id").GetString(), listed.GetProperty("tokensIssued").GetInt32()));
    }

    [Theory]
    [InlineData($"8:gcch-acs:{Resource}_00000005-14a2-493b-8a72-5a3a0d000081")]
    [InlineData($"8:dod-acs:{Resource}_00000005-14a2-493b-8a72-5a3a0d000081")]
    [InlineData($"8:acs:{Resource}_00000005-14a2-493b-8a72-5a3a0d000081_00000005-14a2-493b-8a72-5a3a0d000082")]
    public void Ids_of_other_forms_are_accepted(string id)
    {
        using var emulator = new IdentityEmulator(new EmulatorOptions { Identities = [id] });

        Assert.Equal(Guid.Parse(Resource), emulator.ResourceId);
    }

    [Theory]
    [InlineData("is not the id", "ann")]
    [InlineData("is not the id", Ann + "\n")]
    [InlineData("is not the id", $"8:acs:{Resource}")]
    [InlineData("is not the id", "8:orgid:2dee53b4-368b-45b4-ab52-8493fb117652")]
    [InlineData("is not the id", "8:acs:2DEE53B4-368b-45b4-ab52-8493fb117652_00000005-14a2-493b-8a72-5a3a0d000081")]
    [InlineData("another resource", Ann, Foreign)]
    public void Wrong_ids_are_refused(string problem, params string[] ids)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new IdentityEmulator(new EmulatorOptions { Identities = ids }));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Contains(ids.Last(), refused.Message, StringComparison.Ordinal);
    }

    private static string Create(IdentityEmulator emulator) =>
        JsonDocument.Parse(Send(emulator, "POST", "/identities").Body).RootElement.GetProperty("identity").GetProperty("id").GetString()!;

    private static string Issue(IdentityEmulator emulator, string id) =>
        JsonDocument.Parse(Send(emulator, "POST", $"/identities/{Uri.EscapeDataString(id)}/:issueAccessToken", """{"scopes":["chat"]}""").Body)
            .RootElement.GetProperty("token").GetString()!;

    private static EmulatorResponse Send(IdentityEmulator emulator, string method, string path, string body = "") =>
        emulator.Handle(SignedRequest.Create(emulator.AccessKey, method, path + (path.StartsWith("/emulator", StringComparison.Ordinal) ? "" : "?api-version=2023-10-01"), body));
}
