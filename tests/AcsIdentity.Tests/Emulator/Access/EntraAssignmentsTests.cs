using System;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Identities;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Access;

/// <summary>The assignments that allow Entra principals to exchange their tokens.</summary>
public sealed class EntraAssignmentsTests : EmulatorTests
{
    private const string All = "/access/entra/assignments";
    private const string First = "11111111-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string Second = "22222222-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string Tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    private const string Client = "d5e3ee9e-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string Members = $$"""{"tenantId":"{{Tenant}}","principalType":"user","clientIds":["{{Client}}"]}""";

    [Fact]
    public void Put_creates_and_replaces_an_assignment()
    {
        string expected = $$"""{"objectId":"{{First}}","tenantId":"{{Tenant}}","principalType":"user","clientIds":["{{Client}}"]}""";

        (int status, JsonElement answer) = Send("PUT", $"{All}/{First}", Members, Preview);

        Assert.Equal((201, expected), (status, answer.GetRawText()));
        Assert.Equal((200, expected), Text(Send("GET", $"{All}/{First}", version: Preview)));
        string replaced = expected.Replace("user", "group", StringComparison.Ordinal);
        Assert.Equal((200, replaced), Text(Send("PUT", $"{All}/{First}", Members.Replace("user", "group", StringComparison.Ordinal), Preview)));
        Assert.Equal((200, $$"""{"value":[{{replaced}}]}"""), Text(Send("GET", All, version: Preview)));
    }

    [Fact]
    public void Delete_removes_an_assignment()
    {
        Send("PUT", $"{All}/{First}", Members, Preview);

        Assert.Equal(204, Send("DELETE", $"{All}/{First}", version: Preview).Status);

        AssertRefused(404, "NotFound", Send("GET", $"{All}/{First}", version: Preview));
        Assert.Equal(204, Send("DELETE", $"{All}/{First}", version: Preview).Status);
    }

    [Fact]
    public void Patch_adds_changes_and_removes_assignments()
    {
        Send("PUT", $"{All}/{Second}", Members, Preview);

        Assert.Equal(204, Send("PATCH", All, $$$"""{"{{{Second}}}":{"clientIds":[]},"{{{First}}}":{{{Members}}}}""", Preview).Status);

        Assert.Equal([(First, 1), (Second, 0)], List());
        Assert.Equal(204, Send("PATCH", All, $$"""{"{{First}}":null}""", Preview).Status);
        Assert.Equal([(Second, 0)], List());
    }

    [Fact]
    public void Patch_with_a_mistake_changes_nothing()
    {
        Send("PUT", $"{All}/{First}", Members, Preview);

        AssertRefused(400, "ValidationError", Send("PATCH", All, $$$"""{"{{{First}}}":null,"{{{Second}}}":{"clientIds":[]}}""", Preview), "TenantId: The TenantId field is required.", "TenantId");
        AssertRefused(400, "ValidationError", Send("PATCH", All, $$"""{"{{First}}":1}""", Preview));

        Assert.Equal([(First, 1)], List());
    }

    [Theory]
    [InlineData("{}", "TenantId")]
    [InlineData($$"""{"tenantId":"{{Tenant}}"}""", "PrincipalType")]
    [InlineData($$"""{"tenantId":"{{Tenant}}","principalType":"user"}""", "ClientIds")]
    [InlineData("""{"tenantId":"x"}""", "tenantId")]
    [InlineData($$"""{"tenantId":"{{Tenant}}","principalType":"robot"}""", "principalType")]
    [InlineData($$"""{"tenantId":"{{Tenant}}","principalType":"user","clientIds":["x"]}""", "clientIds")]
    public void Assignment_needs_all_members(string body, string target)
    {
        (int status, JsonElement answer) = Send("PUT", $"{All}/{First}", body, Preview);

        Assert.Equal((400, target), (status, answer.GetProperty("error").GetProperty("target").GetString()));
        Assert.Empty(List());
    }

    [Fact]
    public void Object_id_must_be_a_guid()
    {
        AssertRefused(400, "ValidationError", Send("PUT", $"{All}/x", Members, Preview), "objectId: The value could not be read as a GUID.", "objectId");
    }

    [Theory]
    [InlineData("2023-10-01")]
    [InlineData("2026-09-23")]
    public void Other_versions_have_no_assignments(string version)
    {
        AssertRefused(400, "UnsupportedApiVersion", Send("GET", All, version: version));
        AssertRefused(400, "UnsupportedApiVersion", Send("PUT", $"{All}/{First}", Members, version));
    }

    [Theory]
    [InlineData(null, 503)]
    [InlineData(ServiceOperation.Assign, 503)]
    [InlineData(ServiceOperation.Exchange, 200)]
    public void Faults_of_other_operations_do_not_apply_to_assignments(ServiceOperation? operation, int expected)
    {
        Emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, Next = 1, Operation = operation });

        Assert.Equal(expected, Send("GET", All, version: Preview).Status);
    }

    [Fact]
    public void Reset_removes_assignments()
    {
        Send("PUT", $"{All}/{First}", Members, Preview);

        Emulator.Reset();

        Assert.Empty(List());
    }

    private static (int Status, string Answer) Text((int Status, JsonElement Answer) response) => (response.Status, response.Answer.GetRawText());

    private (string? ObjectId, int Clients)[] List() => Send("GET", All, version: Preview).Answer.GetProperty("value").EnumerateArray()
        .Select(assignment => (assignment.GetProperty("objectId").GetString(), assignment.GetProperty("clientIds").GetArrayLength())).ToArray();
}
