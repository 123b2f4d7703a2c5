using System;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Entra;

/// <summary>The managed-identity endpoints.</summary>
public sealed class ManagedIdentityTests : IDisposable
{
    private const string InstanceMetadata = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://communication.azure.com/";
    private const string AppService = "/msi/token?api-version=2019-08-01&resource=https://communication.azure.com/";

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly IdentityEmulator _emulator;

    public ManagedIdentityTests() => _emulator = new IdentityEmulator(new EmulatorOptions { Clock = _clock });

    public void Dispose() => _emulator.Dispose();

    [Theory]
    [InlineData(InstanceMetadata)]
    [InlineData(AppService)]
    public void Endpoint_returns_a_token_for_a_day(string target)
    {
        foreach (string query in new[] { "", "&client_id=" + _emulator.Entra.ManagedIdentityClientId })
        {
            EmulatorResponse response = Ask(target + query);

            Assert.Equal(200, response.Status);
            long now = _clock.GetUtcNow().ToUnixTimeSeconds();
            Assert.Equal(
                $$"""
                {"access_token":"{{response.AccessToken()}}","client_id":"{{_emulator.Entra.ManagedIdentityClientId}}",
                "expires_in":"86400","expires_on":"{{now + 86400}}","not_before":"{{now}}",
                "resource":"https://communication.azure.com/","token_type":"Bearer"}
                """.ReplaceLineEndings(""),
                response.Json().GetRawText());
            Assert.Equal(201, _emulator.Handle(EntraRequest.BearerRequest(response.AccessToken())).Status);
        }
    }

    [Theory]
    [InlineData("object_id")]
    [InlineData("principal_id")]
    public void Identity_may_be_named_by_its_object_id(string parameter)
    {
        string query = $"&{parameter}={Jwt.Claims(Ask(AppService).AccessToken()).GetProperty("oid").GetString()}";

        Assert.Equal((200, 200), (Ask(InstanceMetadata + query).Status, Ask(AppService + query).Status));
    }

    [Fact]
    public void Other_methods_are_requests_to_the_service()
    {
        EmulatorResponse response = _emulator.Handle(Request(InstanceMetadata) with { Method = "POST" });

        Assert.Equal((401, 1L), (response.Status, _emulator.RequestCount));
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("object_id")]
    [InlineData("principal_id")]
    [InlineData("mi_res_id")]
    [InlineData("msi_res_id")]
    public void Unknown_identity_is_not_found(string parameter)
    {
        string query = $"&{parameter}={_emulator.Entra.ClientId}";

        AssertRefused(400, """{"error":"invalid_request","error_description":"Identity not found"}""", Ask(InstanceMetadata + query));
        AssertRefused(
            400,
            """{"statusCode":400,"message":"No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."}""",
            Ask(AppService + query));
    }

    [Fact]
    public void Metadata_header_ignores_case()
    {
        Assert.Equal(200, _emulator.Handle(Request(InstanceMetadata).With(("Metadata", "True"))).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    public void Instance_metadata_requires_its_header(string? value)
    {
        EmulatorRequest request = Request(InstanceMetadata).With(("Metadata", value));

        AssertRefused(400, """{"error":"invalid_request","error_description":"Required metadata header not specified"}""", _emulator.Handle(request));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public void App_service_requires_its_secret(string? value)
    {
        EmulatorResponse response = _emulator.Handle(Request(AppService).With(("X-IDENTITY-HEADER", value)));

        AssertRefused(401, """{"statusCode":401,"message":"The header X-IDENTITY-HEADER is not the value of IDENTITY_HEADER."}""", response);
    }

    [Theory]
    [InlineData("resource=https://communication.azure.com/", "api-version was not specified in the request")]
    [InlineData("api-version=2018-02-01", "Required audience parameter not specified")]
    [InlineData("api-version=2018-02-01&resource=", "Required audience parameter not specified")]
    public void Parameters_are_required(string query, string problem)
    {
        AssertRefused(400, $$"""{"error":"invalid_request","error_description":"{{problem}}"}""", Ask("/metadata/identity/oauth2/token?" + query));
        AssertRefused(400, """{"statusCode":400,"message":"The parameters api-version and resource are required."}""", Ask("/msi/token?" + query));
    }

    private EmulatorResponse Ask(string target) => _emulator.Handle(Request(target));

    private EmulatorRequest Request(string target) =>
        EntraRequest.Create("GET", target, "", ("Metadata", "true"), ("X-IDENTITY-HEADER", _emulator.Entra.IdentityHeader));

    private static void AssertRefused(int status, string body, EmulatorResponse response) =>
        Assert.Equal((status, body), (response.Status, response.Json().GetRawText()));
}
