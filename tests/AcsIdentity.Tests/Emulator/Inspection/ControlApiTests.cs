using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Inspection;

/// <summary>The control API: state, faults, introspection and reset.</summary>
public sealed class ControlApiTests : IDisposable
{
    private readonly IdentityEmulator _emulator = new();

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public void Identities_are_listed_without_token_texts()
    {
        (string id, string token) = Create();
        Service("POST", $"/identities/{Uri.EscapeDataString(id)}/:revokeAccessTokens");

        JsonElement answer = Control("GET", "/emulator/identities").Json;

        JsonElement shown = Assert.Single(answer.GetProperty("newest").EnumerateArray());
        Assert.Equal(1, answer.GetProperty("count").GetInt32());
        Assert.Equal((id, 1, 1), (shown.GetProperty("id").GetString(), shown.GetProperty("tokensIssued").GetInt32(), shown.GetProperty("tokensRevoked").GetInt32()));
        JsonElement known = Assert.Single(shown.GetProperty("newestTokens").EnumerateArray());
        Assert.Equal((1, """["chat"]"""), (known.GetProperty("number").GetInt32(), known.GetProperty("scopes").GetRawText()));
        Assert.Equal((true, false), (known.GetProperty("revoked").GetBoolean(), known.GetProperty("expired").GetBoolean()));
        Assert.Equal(TimeSpan.FromHours(24), known.GetProperty("expiresOn").GetDateTimeOffset() - known.GetProperty("issuedAt").GetDateTimeOffset());
        Assert.DoesNotContain(token, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Assignments_are_listed_with_their_kind()
    {
        Assert.Equal("""{"assignments":[]}""", Control("GET", "/emulator/assignments").Json.GetRawText());
        const string Tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
        Service("PUT", $"/access/teamsExtension/tenants/{Tenant}/assignments/{Tenant}", """{"principalType":"teamsResourceAccount"}""", "2026-09-23");
        Service("PUT", $"/access/entra/assignments/{Tenant}", $$"""{"tenantId":"{{Tenant}}","principalType":"user","clientIds":["{{Tenant}}"]}""", "2025-03-02-preview");

        Assert.Equal(
            $$"""{"assignments":[{"kind":"entra","objectId":"{{Tenant}}","tenantId":"{{Tenant}}","principalType":"user","clientIds":["{{Tenant}}"]},"""
            + $$"""{"kind":"teamsExtension","objectId":"{{Tenant}}","tenantId":"{{Tenant}}","principalType":"teamsResourceAccount"}]}""",
            Control("GET", "/emulator/assignments").Json.GetRawText());
    }

    [Fact]
    public void Requests_are_listed_without_control_requests()
    {
        Create();
        Control("GET", "/emulator/requests");

        JsonElement answer = Control("GET", "/emulator/requests").Json;

        Assert.Equal(1, answer.GetProperty("count").GetInt32());
        JsonElement shown = Assert.Single(answer.GetProperty("newest").EnumerateArray());
        Assert.Equal(("POST", 201), (shown.GetProperty("method").GetString(), shown.GetProperty("status").GetInt32()));
        Assert.DoesNotContain("Signature", answer.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(_emulator.AccessKey, answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Token_is_introspected()
    {
        (string id, string token) = Create();
        string body = $$"""{"token":"{{token}}"}""";

        Assert.Equal(
            """{"active":true,"signed":true,"expired":false,"revoked":false,"identityExists":true}""",
            Control("POST", "/emulator/introspect", body).Json.GetRawText());
        Service("DELETE", "/identities/" + Uri.EscapeDataString(id));
        Assert.Equal(
            """{"active":false,"signed":true,"expired":false,"revoked":false,"identityExists":false}""",
            Control("POST", "/emulator/introspect", body).Json.GetRawText());
    }

    [Fact]
    public void Tokens_can_be_verified_with_the_published_key()
    {
        string[] parts = Create().Token.Split('.');
        JsonElement key = Assert.Single(Control("GET", "/.well-known/jwks.json").Json.GetProperty("keys").EnumerateArray());
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = System.Buffers.Text.Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
            Exponent = System.Buffers.Text.Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
        });

        Assert.True(rsa.VerifyData(
            Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]),
            System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1));
        string header = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[0]));
        Assert.Contains($"\"kid\":\"{key.GetProperty("kid").GetString()}\"", header, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_are_added_listed_and_removed()
    {
        Assert.Equal(204, Control("POST", "/emulator/faults", """{"kind":"status","operation":"create","status":503,"retryAfter":7,"next":1}""").Status);

        EmulatorResponse refused = Service("POST", "/identities");
        Assert.Equal((503, "7"), (refused.Status, refused.Headers["Retry-After"]));
        Assert.Equal(
            """{"faults":[{"kind":"Status","operation":"Create","hits":1}]}""", Control("GET", "/emulator/faults").Json.GetRawText());
        Assert.Equal(204, Control("DELETE", "/emulator/faults").Status);
        Assert.Empty(_emulator.Faults.Faults);
    }

    [Theory]
    [InlineData("""{"kind":"late","delay":250,"every":3}""")]
    [InlineData("""{"kind":"LoseAnswer","probability":0.01,"seed":42}""")]
    [InlineData("""{"kind":"drop","operation":"revoke","next":5}""")]
    public void Fault_with_each_trigger_is_accepted(string body)
    {
        Assert.Equal(204, Control("POST", "/emulator/faults", body).Status);
        Assert.Single(_emulator.Faults.Faults);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"kind":"3","next":1}""")]
    [InlineData("""{"kind":"explode","next":1}""")]
    [InlineData("""{"kind":"drop"}""")]
    [InlineData("""{"kind":"drop","next":1,"nxt":2}""")]
    [InlineData("""{"kind":"drop","next":99999999999}""")]
    [InlineData("""{"kind":"drop","operation":"all","next":1}""")]
    [InlineData("""{"kind":"drop","probability":"0.1"}""")]
    public void Invalid_fault_is_refused(string body)
    {
        Assert.Equal(400, Control("POST", "/emulator/faults", body).Status);
        Assert.Empty(_emulator.Faults.Faults);
    }

    [Theory]
    [InlineData("/emulator/faults", """{"kind":"drop","probability":"0.1"}""", "ValidationError", "probability: The value could not be read as a number.")]
    [InlineData(
        "/emulator/faults", """{"kind":"drop","nxt":2}""", "InvalidRequest",
        "The body may have only the members kind, operation, status, retryAfter, delay, next, every, probability, seed.")]
    [InlineData("/emulator/reset", """{"all":true}""", "InvalidRequest", "The body must have no members.")]
    public void Error_says_what_the_body_may_contain(string path, string body, string code, string message)
    {
        (int status, JsonElement answer) = Control("POST", path, body);

        JsonElement error = answer.GetProperty("error");
        Assert.Equal((400, code, message), (status, error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
    }

    [Fact]
    public void Reset_removes_everything_except_the_key()
    {
        string token = Create().Token;
        Control("POST", "/emulator/faults", """{"kind":"drop","operation":"delete","next":1}""");

        Assert.Equal(204, Control("POST", "/emulator/reset", "{}").Status);

        Assert.Equal((0, 0L, 0, 0), (_emulator.IdentityCount, _emulator.RequestCount, _emulator.Requests.Count, _emulator.Faults.Faults.Count));
        Assert.False(_emulator.Introspect(token).IsActive);
        Assert.NotEmpty(Create().Id);
    }

    [Theory]
    [InlineData("/emulator/reset")]
    [InlineData("/emulator/faults")]
    [InlineData("/emulator/introspect")]
    public void Post_without_the_json_content_type_is_refused(string path)
    {
        Assert.Equal(415, Control("POST", path, "{}", "text/plain").Status);
    }

    [Theory]
    [InlineData("GET", "/emulator/")]
    [InlineData("GET", "/emulator/reset")]
    [InlineData("PUT", "/emulator/faults")]
    public void Unknown_path_is_refused(string method, string path)
    {
        Assert.Equal(404, Control(method, path).Status);
    }

    private (string Id, string Token) Create()
    {
        JsonElement answer = JsonDocument.Parse(Service("POST", "/identities", """{"createTokenWithScopes":["chat"]}""").Body).RootElement;
        return (answer.GetProperty("identity").GetProperty("id").GetString()!, answer.GetProperty("accessToken").GetProperty("token").GetString()!);
    }

    private EmulatorResponse Service(string method, string path, string body = "", string version = "2023-10-01") =>
        _emulator.Handle(SignedRequest.Create(_emulator.AccessKey, method, $"{path}?api-version={version}", body));

    private (int Status, JsonElement Json) Control(string method, string path, string body = "", string contentType = "application/json")
    {
        EmulatorResponse response = _emulator.Handle(new EmulatorRequest
        {
            Method = method,
            RawTarget = path,
            Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Host"] = SignedRequest.Host, ["Content-Type"] = contentType },
            Body = Encoding.UTF8.GetBytes(body),
        });
        return (response.Status, response.Body.Length == 0 ? default : JsonDocument.Parse(response.Body).RootElement);
    }
}
