using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Identities;

/// <summary>The headers of every response of the service.</summary>
public sealed class ServiceHeadersTests : EmulatorTests
{
    private const string AllVersions =
        "2020-07-20-preview2, 2021-03-07, 2021-03-31-preview1, 2021-10-31-preview, 2021-11-01, 2022-06-01, 2022-10-01, 2023-08-01, 2023-10-01, "
        + "2025-03-02-preview, 2025-06-30, 2026-09-23";

    [Fact]
    public void Responses_have_the_headers_of_the_service()
    {
        EmulatorRequest request = SignedRequest.Create(Emulator.AccessKey, "POST", "/identities?api-version=" + Newest, date: Clock.GetUtcNow());

        EmulatorResponse created = Emulator.Handle(request.With(("x-ms-client-request-id", "my-id")));
        EmulatorResponse refused = Emulator.Handle(request.With(("Authorization", null)));

        Assert.Equal("application/json; charset=utf-8", created.Headers["Content-Type"]);
        Assert.Equal("application/json", refused.Headers["Content-Type"]);
        Assert.Equal("my-id", created.Headers["x-ms-client-request-id"]);
        foreach (string header in new[] { "api-supported-versions", "MS-CV", "X-Processing-Time", "Request-Context", "Strict-Transport-Security", "X-Azure-Ref", "X-Cache" })
        {
            Assert.True(created.Headers.ContainsKey(header) && refused.Headers.ContainsKey(header), header);
        }

        Assert.Equal(AllVersions, created.Headers["api-supported-versions"]);
    }

    [Fact]
    public void Values_of_the_headers_are_like_the_recorded_ones()
    {
        var response = new EmulatorResponse { Status = 200 };

        ServiceHeaders.Add(response, EntraRequest.Create("GET", "/"), TimeSpan.FromMilliseconds(12.9), supportedVersions: null);

        Assert.Equal("12ms", response.Headers["X-Processing-Time"]);
        Assert.Equal("appId=", response.Headers["Request-Context"]);
        Assert.Equal("CONFIG_NOCACHE", response.Headers["X-Cache"]);
        Assert.Equal("max-age=31536000;includeSubDomains", response.Headers["Strict-Transport-Security"]);
        Assert.Matches("^[A-Za-z0-9+/]{22}[.]0$", response.Headers["MS-CV"]);
        Assert.Matches("^[0-9a-f]{32}$", response.Headers["X-Azure-Ref"]);
        Assert.DoesNotContain("x-ms-client-request-id", response.Headers.Keys);
    }

    [Theory]
    [InlineData("POST", "/identities/x/:issueAccessToken", "{}", 400, null)]
    [InlineData("POST", "/identities/x/:issueAccessToken", """{"scopes":[]}""", 400, AllVersions)]
    [InlineData("DELETE", "/identities/x", "", 401, AllVersions)]
    [InlineData("POST", "/teamsUser/:exchangeAccessToken", """{"token":"","appId":"","userId":""}""", 401, null)]
    [InlineData("GET", "/teamsUser/:exchangeAccessToken", "", 405, "2021-10-31-preview, 2022-06-01, 2022-10-01, 2023-10-01, 2025-03-02-preview, 2025-06-30, 2026-09-23")]
    [InlineData("GET", "/access/teamsExtension/:exchangeAccessToken", "", 400, "2025-03-02-preview, 2025-06-30, 2026-09-23")]
    [InlineData("GET", "/access/teamsExtension", "", 404, "2025-03-02-preview, 2025-06-30, 2026-09-23")]
    [InlineData("GET", "/access/entra/assignments", "", 400, "2025-03-02-preview")]
    [InlineData("GET", "/access", "", 404, null)]
    [InlineData("GET", "/nothing", "", 404, null)]
    public void Refusals_list_the_versions_of_the_route_or_none(string method, string path, string body, int status, string? versions)
    {
        EmulatorResponse response = Emulator.Handle(SignedRequest.Create(Emulator.AccessKey, method, $"{path}?api-version={Newest}", body, Clock.GetUtcNow()));

        Assert.Equal((status, versions), (response.Status, response.Headers.GetValueOrDefault("api-supported-versions")));
    }

    [Theory]
    [InlineData("GET", "/identities", Newest, "POST")]
    [InlineData("GET", "/identities/x", Newest, "DELETE")]
    [InlineData("PUT", "/identities/x", Preview, "GET, DELETE")]
    [InlineData("PUT", "/identities/x", "2020-07-20-preview2", "DELETE, PATCH")]
    [InlineData("PUT", "/identities/x", "", "GET, DELETE, PATCH")]
    public void Refused_method_gets_the_methods_that_the_version_allows(string method, string path, string version, string allowed)
    {
        EmulatorResponse response = Emulator.Handle(SignedRequest.Create(Emulator.AccessKey, method, $"{path}?api-version={version}", date: Clock.GetUtcNow()));

        Assert.Equal((405, allowed), (response.Status, response.Headers["Allow"]));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("~")]
    public void Request_id_of_printable_ascii_is_returned(string requestId)
    {
        var response = new EmulatorResponse { Status = 200 };

        ServiceHeaders.Add(response, EntraRequest.Create("GET", "/", "", ("x-ms-client-request-id", requestId)), TimeSpan.Zero, supportedVersions: null);

        Assert.Equal(requestId, response.Headers["x-ms-client-request-id"]);
    }

    [Theory]
    [InlineData("a\u007f")]
    [InlineData("\u00e9")]
    [InlineData("\u0001")]
    public void Request_id_with_invalid_header_characters_is_not_returned(string requestId)
    {
        EmulatorRequest request = SignedRequest.Create(Emulator.AccessKey, "POST", "/identities?api-version=" + Newest, date: Clock.GetUtcNow());

        EmulatorResponse created = Emulator.Handle(request.With(("x-ms-client-request-id", requestId)));

        Assert.Equal(201, created.Status);
        Assert.DoesNotContain("x-ms-client-request-id", created.Headers.Keys);
    }
}
