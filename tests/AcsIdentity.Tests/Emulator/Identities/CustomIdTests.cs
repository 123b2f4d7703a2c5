using System;
using System.Threading.Tasks;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Identities;

/// <summary>Custom ids, and the operation that reads an identity.</summary>
public sealed class CustomIdTests : EmulatorTests
{
    [Fact]
    public void Custom_id_returns_the_same_identity_until_it_is_deleted()
    {
        string id = CreateCustom("bob");

        Assert.Equal(id, CreateCustom("bob"));
        Assert.NotEqual(id, CreateCustom("Bob"));
        Assert.Equal(2, Emulator.IdentityCount);
        Send("DELETE", $"/identities/{Uri.EscapeDataString(id)}");
        Assert.NotEqual(id, CreateCustom("bob"));
    }

    [Fact]
    public void Concurrent_creates_with_one_custom_id_create_one_identity()
    {
        Parallel.For(0, 200, _ => CreateCustom("bob"));

        Assert.Equal(1, Emulator.IdentityCount);
    }

    [Theory]
    [InlineData(0, 400)]
    [InlineData(1, 201)]
    [InlineData(256, 201)]
    [InlineData(257, 400)]
    public void Custom_id_has_1_to_256_characters(int length, int expected)
    {
        Assert.Equal(expected, Send("POST", "/identities", $$"""{"customId":"{{new string('x', length)}}"}""", Preview).Status);
    }

    [Theory]
    [InlineData("\"\"", "CustomId: The length must be between 1 and 256 characters.")]
    [InlineData("1", "customId: The value could not be read as a string.")]
    public void Custom_id_of_another_form_is_a_validation_error(string value, string message)
    {
        AssertRefused(400, "ValidationError", Send("POST", "/identities", $$"""{"customId":{{value}}}""", Preview), message, "customId");
        Assert.Equal(0, Emulator.IdentityCount);
    }

    [Fact]
    public void Reset_also_forgets_custom_ids()
    {
        string id = CreateCustom("bob");

        Emulator.Reset();

        Assert.Equal(0, Emulator.IdentityCount);
        Assert.NotEqual(id, CreateCustom("bob"));
        Assert.Equal(1, Emulator.IdentityCount);
    }

    [Fact]
    public void Custom_id_is_ignored_by_other_versions()
    {
        Assert.NotEqual(CreateCustom("bob", "2026-09-23"), CreateCustom("bob", "2026-09-23"));
    }

    [Fact]
    public void Get_returns_the_details_of_the_identity()
    {
        string id = CreateCustom("bob");
        string path = "/identities/" + Uri.EscapeDataString(id);

        Assert.Equal($$"""{"customId":"bob","id":"{{id}}"}""", Send("GET", path, version: Preview).Answer.GetRawText());
        Issue(id);
        Assert.Equal(
            $$"""{"customId":"bob","lastTokenIssuedAt":"2026-11-22T12:00:00+00:00","id":"{{id}}"}""",
            Send("GET", path, version: Preview).Answer.GetRawText());
        Assert.Equal(405, Send("GET", path, version: "2026-09-23").Status);
        AssertRefused(401, "IdentityNotOwned", Send("GET", "/identities/" + Uri.EscapeDataString(ForeignId), version: Preview));
    }

    [Fact]
    public void Identity_without_a_custom_id_has_no_time_of_its_last_token()
    {
        string id = Create();
        Issue(id);

        Assert.Equal($$"""{"id":"{{id}}"}""", Send("GET", "/identities/" + Uri.EscapeDataString(id), version: Preview).Answer.GetRawText());
    }

    private string CreateCustom(string customId, string version = Preview) =>
        Send("POST", "/identities", $$"""{"customId":"{{customId}}"}""", version).Answer.GetProperty("identity").GetProperty("id").GetString()!;
}
