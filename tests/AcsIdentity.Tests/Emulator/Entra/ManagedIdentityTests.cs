using System;
using System.Globalization;
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
            Assert.Equal(_emulator.Entra.ManagedIdentityClientId.ToString(), response.Json().GetProperty("client_id").GetString());
            Assert.Equal(
                _clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                response.Json().GetProperty("expires_on").GetString());
            Assert.Equal(201, _emulator.Handle(EntraRequest.BearerRequest(response.AccessToken())).Status);
        }
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

        Assert.Equal(401, response.Status);
        Assert.DoesNotContain(_emulator.Entra.IdentityHeader, response.Json().GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metadata/identity/oauth2/token?api-version=2018-02-01")]
    [InlineData("/metadata/identity/oauth2/token?resource=https://communication.azure.com/")]
    [InlineData("/msi/token?api-version=2019-08-01")]
    [InlineData("/msi/token?resource=https://communication.azure.com/")]
    public void Parameters_are_required(string target)
    {
        Assert.Equal(400, Ask(target).Status);
    }

    private EmulatorResponse Ask(string target) => _emulator.Handle(Request(target));

    private EmulatorRequest Request(string target) =>
        EntraRequest.Create("GET", target, "", ("Metadata", "true"), ("X-IDENTITY-HEADER", _emulator.Entra.IdentityHeader));

    private static void AssertRefused(int status, string body, EmulatorResponse response) =>
        Assert.Equal((status, body), (response.Status, response.Json().GetRawText()));
}
