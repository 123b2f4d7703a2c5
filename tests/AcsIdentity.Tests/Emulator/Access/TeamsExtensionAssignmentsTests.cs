using System.Text.Json;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Identities;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Access;

/// <summary>The assignments that allow users and resource accounts to use Teams Phone.</summary>
public sealed class TeamsExtensionAssignmentsTests : EmulatorTests
{
    private const string Stable = "2025-06-30";
    private const string Tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    private const string OtherTenant = "c70d068c-2f32-484d-9455-73070cd5aadd";
    private const string User = "11111111-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string Client = "d5e3ee9e-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string ForUser = """{"principalType":"user"}""";

    public static TheoryData<string> Versions => [Preview, Stable, "2026-09-23"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Put_creates_and_replaces_an_assignment(string version)
    {
        string created = $$"""{"objectId":"{{User}}","tenantId":"{{Tenant}}","principalType":"user","clientIds":["{{Client}}"]}""";
        string replaced = $$"""{"objectId":"{{User}}","tenantId":"{{Tenant}}","principalType":"resourceAccount"}""";

        Assert.Equal((201, created), Text(Send("PUT", Path(), $$"""{"principalType":"user","clientIds":["{{Client}}"]}""", version)));
        Assert.Equal((200, created), Text(Send("GET", Path(), version: version)));
        Assert.Equal((200, replaced), Text(Send("PUT", Path(), """{"principalType":"resourceAccount"}""", version)));
        Assert.Equal((200, replaced), Text(Send("GET", Path(), version: version)));
    }

    [Fact]
    public void Delete_removes_an_assignment()
    {
        Send("PUT", Path(), ForUser, Stable);

        Assert.Equal(204, Send("DELETE", Path(), version: Stable).Status);

        AssertRefused(404, "NotFound", Send("GET", Path(), version: Stable));
        Assert.Equal(204, Send("DELETE", Path(), version: Stable).Status);
    }

    [Fact]
    public void Object_has_an_assignment_in_each_tenant()
    {
        Send("PUT", Path(), ForUser, Stable);
        AssertRefused(404, "NotFound", Send("GET", Path(OtherTenant), version: Stable));

        Assert.Equal(201, Send("PUT", Path(OtherTenant), ForUser, Stable).Status);
        Send("DELETE", Path(), version: Stable);

        Assert.Equal(OtherTenant, Send("GET", Path(OtherTenant), version: Stable).Answer.GetProperty("tenantId").GetString());
    }

    [Theory]
    [InlineData("user")]
    [InlineData("resourceAccount")]
    [InlineData("teamsResourceAccount")]
    [InlineData("User")]
    public void Principal_type_is_kept_as_it_was_sent(string principalType)
    {
        Send("PUT", Path(), $$"""{"principalType":"{{principalType}}"}""", Stable);

        Assert.Equal(principalType, Send("GET", Path(), version: Stable).Answer.GetProperty("principalType").GetString());
    }

    [Fact]
    public void Empty_list_of_clients_is_kept()
    {
        Send("PUT", Path(), """{"principalType":"user","clientIds":[]}""", Stable);

        Assert.Equal(0, Send("GET", Path(), version: Stable).Answer.GetProperty("clientIds").GetArrayLength());
    }

    [Theory]
    [InlineData("", "PrincipalType")]
    [InlineData("{}", "PrincipalType")]
    [InlineData("""{"principalType":"group"}""", "principalType")]
    [InlineData("""{"principalType":1}""", "principalType")]
    [InlineData("""{"principalType":"user","clientIds":["x"]}""", "clientIds")]
    [InlineData($$"""{"principalType":"user","clientIds":"{{Client}}"}""", "clientIds")]
    [InlineData("[]", null)]
    [InlineData("{", null)]
    public void Assignment_with_a_mistake_is_refused(string body, string? target)
    {
        (int Status, JsonElement Answer) response = Send("PUT", Path(), body, Stable);

        AssertRefused(400, "ValidationError", response);
        Assert.Equal(target, response.Answer.GetProperty("error").TryGetProperty("target", out JsonElement value) ? value.GetString() : null);
        AssertRefused(404, "NotFound", Send("GET", Path(), version: Stable));
    }

    [Theory]
    [InlineData("x", User, "tenantId")]
    [InlineData(Tenant, "x", "objectId")]
    public void Ids_in_the_path_must_be_guids(string tenant, string user, string target)
    {
        foreach (string method in (string[])["GET", "PUT", "DELETE"])
        {
            AssertRefused(400, "ValidationError", Send(method, Path(tenant, user), ForUser, Stable), $"{target}: The value could not be read as a GUID.", target);
        }
    }

    [Theory]
    [InlineData("2020-07-20-preview2")]
    [InlineData("2023-10-01")]
    public void Older_versions_have_no_assignments(string version)
    {
        AssertRefused(400, "UnsupportedApiVersion", Send("GET", Path(), version: version));
        AssertRefused(400, "UnsupportedApiVersion", Send("PUT", Path(), ForUser, version));
    }

    [Fact]
    public void Assignments_of_Entra_are_others()
    {
        Send("PUT", "/access/entra/assignments/" + User, $$"""{"tenantId":"{{Tenant}}","principalType":"user","clientIds":["{{Client}}"]}""", Preview);

        AssertRefused(404, "NotFound", Send("GET", Path(), version: Preview));
    }

    [Theory]
    [InlineData(null, 503)]
    [InlineData(ServiceOperation.Assign, 503)]
    [InlineData(ServiceOperation.Exchange, 201)]
    public void Faults_of_other_operations_do_not_apply(ServiceOperation? operation, int expected)
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, Next = 1, Operation = operation });

        Assert.Equal(expected, Send("PUT", Path(), ForUser, Stable).Status);
        Assert.Equal(ServiceOperation.Assign, Emulator.Requests[0].Operation);
    }

    [Fact]
    public void Reset_removes_assignments()
    {
        Send("PUT", Path(), ForUser, Stable);

        Emulator.Reset();

        AssertRefused(404, "NotFound", Send("GET", Path(), version: Stable));
    }

    private static string Path(string tenant = Tenant, string user = User) => $"/access/teamsExtension/tenants/{tenant}/assignments/{user}";

    private static (int Status, string Answer) Text((int Status, JsonElement Answer) response) => (response.Status, response.Answer.GetRawText());
}
