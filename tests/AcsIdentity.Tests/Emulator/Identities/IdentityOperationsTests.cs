using System;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Identities;

/// <summary>Create, issue, revoke and delete, and the errors of malformed requests.</summary>
public sealed class IdentityOperationsTests : EmulatorTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"createTokenWithScopes":null,"expiresInMinutes":null}""")]
    [InlineData("""{"createTokenWithScopes":[],"unknown":{"member":1}}""")]
    public void Create_without_scopes_returns_only_the_identity(string body)
    {
        (int status, JsonElement answer) = Send("POST", "/identities", body);

        Assert.Equal(201, status);
        Assert.Matches($"^8:acs:{Emulator.ResourceId}_[0-9a-f-]{{36}}$", answer.GetProperty("identity").GetProperty("id").GetString());
        Assert.Equal(["identity"], answer.EnumerateObject().Select(member => member.Name));
        Assert.Equal(1, Emulator.IdentityCount);
    }

    [Fact]
    public void Create_with_scopes_also_returns_a_token()
    {
        (int status, JsonElement answer) = Send("POST", "/identities", """{"createTokenWithScopes":["chat","voip"],"expiresInMinutes":60}""");

        Assert.Equal(201, status);
        Assert.Equal("2026-11-22T13:00:00+00:00", answer.GetProperty("accessToken").GetProperty("expiresOn").GetString());
        Assert.True(Emulator.Introspect(answer.GetProperty("accessToken").GetProperty("token").GetString()!).IsActive);
    }

    [Fact]
    public void Revocation_applies_to_existing_tokens_only()
    {
        string id = Create();
        string other = Issue(Create());
        string first = Issue(id);
        string second = Issue(id);

        Assert.Equal(204, Send("POST", $"/identities/{Uri.EscapeDataString(id)}/:revokeAccessTokens").Status);

        Assert.True(Emulator.Introspect(first).IsRevoked);
        Assert.True(Emulator.Introspect(second).IsRevoked);
        Assert.True(Emulator.Introspect(Issue(id)).IsActive);
        Assert.True(Emulator.Introspect(other).IsActive);
    }

    [Fact]
    public void Deletion_removes_the_identity_and_invalidates_its_tokens()
    {
        string id = Create();
        string path = $"/identities/{Uri.EscapeDataString(id)}";
        string token = Issue(id);

        Assert.Equal(204, Send("DELETE", path).Status);

        Assert.False(Emulator.Introspect(token).IsActive);
        AssertRefused(401, "IdentityNotOwned", Send("DELETE", path));
        AssertRefused(401, "IdentityNotOwned", Send("POST", path + "/:issueAccessToken", """{"scopes":["chat"]}"""));
        AssertRefused(401, "IdentityNotOwned", Send("POST", path + "/:revokeAccessTokens"));
        Assert.Equal(0, Emulator.IdentityCount);
    }

    [Theory]
    [InlineData(59)]
    [InlineData(1441)]
    [InlineData(-5)]
    public void Lifetime_out_of_range_is_refused_as_recorded(int minutes)
    {
        string message = $"ExpiresInMinutes value {minutes} is invalid. Value must be within the [60, 1440] interval.";
        string path = $"/identities/{Uri.EscapeDataString(Create())}/:issueAccessToken";

        AssertRefused(400, "ValidationError", Send("POST", "/identities", $$"""{"createTokenWithScopes":["chat"],"expiresInMinutes":{{minutes}}}"""), message, "ExpiresInMinutes");
        AssertRefused(400, "ValidationError", Send("POST", path, $$"""{"scopes":["chat"],"expiresInMinutes":{{minutes}}}"""), message, "ExpiresInMinutes");
        Assert.Equal(1, Emulator.IdentityCount);
    }

    [Theory]
    [InlineData("{}", "Scopes: The Scopes field is required.", "Scopes")]
    [InlineData("""{"scopes":null}""", "Scopes: The Scopes field is required.", "Scopes")]
    [InlineData("""{"scopes":[]}""", "Invalid scopes - Scopes field is required.", "scopes")]
    public void Issue_without_scopes_is_refused_as_recorded(string body, string message, string target)
    {
        string path = $"/identities/{Uri.EscapeDataString(Create())}/:issueAccessToken";

        AssertRefused(400, "ValidationError", Send("POST", path, body), message, target);
    }

    [Theory]
    [InlineData("POST", "/:issueAccessToken")]
    [InlineData("POST", "/:revokeAccessTokens")]
    [InlineData("DELETE", "")]
    public void Foreign_identity_is_refused_as_recorded(string method, string operation)
    {
        string body = operation == "/:issueAccessToken" ? """{"scopes":["chat"]}""" : "";

        AssertRefused(
            401, "IdentityNotOwned", Send(method, $"/identities/{Uri.EscapeDataString(ForeignId)}{operation}", body), "Provided identity doesn't belong to the resource.");
    }

    [Theory]
    [InlineData("""{"scopes":["foo"]}""")]
    [InlineData("""{"scopes":"chat"}""")]
    [InlineData("""{"scopes":[1]}""")]
    [InlineData("""{"scopes":["\ud800"]}""")]
    [InlineData("""{"\ud800":1,"scopes":["chat"]}""")]
    [InlineData("""{"scopes":["chat"],"expiresInMinutes":"60"}""")]
    [InlineData("""{"scopes":["chat"],"expiresInMinutes":60.5}""")]
    [InlineData("""{"scopes":["chat"]""")]
    [InlineData("[]")]
    [InlineData("\"chat\"")]
    public void Malformed_request_is_a_validation_error(string body)
    {
        string path = $"/identities/{Uri.EscapeDataString(Create())}/:issueAccessToken";

        AssertRefused(400, "ValidationError", Send("POST", path, body));
    }

    [Theory]
    [InlineData("POST", "/", 404)]
    [InlineData("POST", "/nothing", 404)]
    [InlineData("DELETE", "/identities/", 404)]
    [InlineData("GET", "/identities/", 404)]
    [InlineData("PUT", "/identities/", 404)]
    [InlineData("POST", "/identities//:issueAccessToken", 404)]
    [InlineData("POST", "/identities//:revokeAccessTokens", 404)]
    [InlineData("PUT", "/identities//:revokeAccessTokens", 404)]
    [InlineData("POST", "/identities/x/:other", 404)]
    [InlineData("GET", "/identities", 405)]
    [InlineData("PUT", "/identities/x", 405)]
    [InlineData("GET", "/identities/x/:issueAccessToken", 405)]
    public void Unknown_path_or_method_is_refused(string method, string path, int expected)
    {
        Assert.Equal(expected, Send(method, path).Status);
    }

    [Theory]
    [InlineData("POST", "/:issueAccessToken")]
    [InlineData("POST", "/:revokeAccessTokens")]
    [InlineData("DELETE", "")]
    public void Unsupported_version_is_refused_by_every_operation(string method, string operation)
    {
        string id = Create();
        string token = Issue(id);

        AssertRefused(400, "UnsupportedApiVersion", Send(method, $"/identities/{Uri.EscapeDataString(id)}{operation}", """{"scopes":["chat"]}""", "2019-01-01"));

        Assert.True(Emulator.Introspect(token).IsActive);
    }

    [Fact]
    public void Id_ignores_case()
    {
        string id = Create();

        Assert.Equal(204, Send("DELETE", $"/identities/{Uri.EscapeDataString(id.ToUpperInvariant())}").Status);
        Assert.Equal(0, Emulator.IdentityCount);
    }

    [Theory]
    [InlineData(60, 201)]
    [InlineData(61, 201)]
    [InlineData(1440, 201)]
    public void Lifetime_in_range_is_that_of_the_token(int minutes, int expected)
    {
        (int status, JsonElement answer) = Send("POST", "/identities", $$"""{"createTokenWithScopes":["chat"],"expiresInMinutes":{{minutes}}}""");

        Assert.Equal(expected, status);
        Assert.Equal(Clock.GetUtcNow().AddMinutes(minutes), answer.GetProperty("accessToken").GetProperty("expiresOn").GetDateTimeOffset());
    }

    [Fact]
    public void Lifetime_is_24_hours_by_default()
    {
        JsonElement answer = Send("POST", "/identities", """{"createTokenWithScopes":["chat"]}""").Answer;

        Assert.Equal(Clock.GetUtcNow().AddHours(24), answer.GetProperty("accessToken").GetProperty("expiresOn").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("POST", "/nothing", "NotFound", "The resource does not exist.")]
    [InlineData("PUT", "/identities/x/:revokeAccessTokens", "MethodNotAllowed", "The resource does not support the method PUT.")]
    [InlineData("PUT", "/identities/x/:issueAccessToken", "MethodNotAllowed", "The resource does not support the method PUT.")]
    [InlineData("GET", "/teamsUser/:exchangeAccessToken", "MethodNotAllowed", "The resource does not support the method GET.")]
    [InlineData("GET", "/identities/x", "MethodNotAllowed", "The resource does not support the method GET.")]
    public void Unknown_path_or_method_is_named_in_the_error(string method, string path, string code, string message)
    {
        AssertRefused(code == "NotFound" ? 404 : 405, code, Send(method, path), message);
    }

    [Theory]
    [InlineData("""{"scopes":["foo"]}""", "Invalid scopes - 'foo' is not a scope of API version 2023-10-01.", "scopes")]
    [InlineData("""{"scopes":"chat"}""", "scopes: The value could not be read as a list of strings.", "scopes")]
    [InlineData("""{"scopes":[1]}""", "scopes: The value could not be read as a list of strings.", "scopes")]
    [InlineData("""{"scopes":["chat"],"expiresInMinutes":"60"}""", "expiresInMinutes: The value could not be read as a whole number.", "expiresInMinutes")]
    [InlineData("[]", "The request body is not a JSON object.", null)]
    [InlineData("{", "The request body is not a JSON object.", null)]
    public void Validation_error_names_the_member(string body, string message, string? target)
    {
        AssertRefused(400, "ValidationError", Send("POST", $"/identities/{Uri.EscapeDataString(Create())}/:issueAccessToken", body), message, target);
    }
}
