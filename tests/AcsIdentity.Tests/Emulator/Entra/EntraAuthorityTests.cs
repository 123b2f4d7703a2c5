using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Entra;

/// <summary>The emulator's Entra tenant: tokens for applications, and error responses.</summary>
public sealed class EntraAuthorityTests : IDisposable
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly X509Certificate2 _certificate = ClientCertificate.Create();
    private static readonly X509Certificate2 _otherCertificate = ClientCertificate.Create();

    private static readonly Dictionary<string, Action<Dictionary<string, object>>> _badAssertions = new()
    {
        ["700021 issuer"] = claims => claims["iss"] = Guid.NewGuid(),
        ["700021 subject"] = claims => claims.Remove("sub"),
        ["700023 audience"] = claims => claims["aud"] = "https://localhost:7443/other/oauth2/v2.0/token",
        ["700024 expired"] = claims => claims["exp"] = claims["nbf"],
        ["700024 no expiry"] = claims => claims.Remove("exp"),
        ["700024 not yet valid"] = claims => claims["nbf"] = claims["exp"],
    };

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly EntraOptions _entra = new() { ClientCertificate = _certificate };
    private readonly IdentityEmulator _emulator;

    public EntraAuthorityTests() => _emulator = new IdentityEmulator(new EmulatorOptions { Clock = _clock, Entra = _entra });

    public static TheoryData<string> BadAssertions() => [.. _badAssertions.Keys];

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public void Client_secret_returns_a_token_for_an_hour()
    {
        EmulatorResponse response = _emulator.Handle(_entra.TokenRequest());

        Assert.Equal((200, "no-store"), (response.Status, response.Headers["Cache-Control"]));
        Assert.Equal(
            $$"""{"token_type":"Bearer","expires_in":3600,"ext_expires_in":3600,"access_token":"{{response.AccessToken()}}"}""", response.Json().GetRawText());
        JsonElement claims = Jwt.Claims(response.AccessToken());
        Assert.Equal(
            ["aud", "iss", "iat", "nbf", "exp", "oid", "sub", "tid", "appid", "idtyp", "ver"], claims.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(("app", "1.0"), (claims.GetProperty("idtyp").GetString(), claims.GetProperty("ver").GetString()));
        Assert.Equal(claims.GetProperty("oid").GetGuid(), claims.GetProperty("sub").GetGuid());
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(EntraRequest.Resource, claims.GetProperty("aud").GetString());
        Assert.Equal(_entra.TenantId, claims.GetProperty("tid").GetGuid());
        Assert.Equal(_entra.ClientId, claims.GetProperty("appid").GetGuid());
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("nbf").GetInt64());
        Assert.Equal(_clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
    }

    [Fact]
    public void Token_requests_are_not_counted_as_requests_to_the_service()
    {
        _emulator.Handle(_entra.TokenRequest());

        Assert.Equal(0, _emulator.RequestCount);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("organizations")] // MSAL for Python and JavaScript start here if the user signs in without a tenant.
    public void Discovery_document_has_the_endpoints_and_the_issuer(string? tenant)
    {
        tenant ??= _entra.TenantId.ToString();

        JsonElement found = _emulator.Handle(EntraRequest.Create("GET", $"/{tenant}/v2.0/.well-known/openid-configuration")).Json();

        string endpoints = $"https://localhost:7443/{tenant}/oauth2/v2.0";
        Assert.Equal(
            $$"""
            {"issuer":"https://sts.windows.net/{{_entra.TenantId}}/",
            "token_endpoint":"{{endpoints}}/token",
            "authorization_endpoint":"{{endpoints}}/authorize",
            "device_authorization_endpoint":"{{endpoints}}/devicecode",
            "jwks_uri":"https://localhost:7443/.well-known/jwks.json",
            "token_endpoint_auth_methods_supported":["client_secret_post","private_key_jwt"],
            "grant_types_supported":["client_credentials","authorization_code","urn:ietf:params:oauth:grant-type:device_code","password","refresh_token"]}
            """.ReplaceLineEndings(""),
            found.GetRawText());
        string token = _emulator.Handle(_entra.TokenRequest()).AccessToken();
        Assert.Equal(Jwt.Claims(token).GetProperty("iss").GetString(), found.GetProperty("issuer").GetString());
    }

    [Theory]
    [InlineData(401, "invalid_client", 7000215, "client_secret", "wrong")]
    [InlineData(401, "invalid_client", 7000216, "client_secret", null)]
    [InlineData(400, "unauthorized_client", 700016, "client_id", "2dee53b4-368b-45b4-ab52-8493fb117652")]
    [InlineData(400, "unauthorized_client", 700016, "client_id", "no-guid")]
    [InlineData(400, "invalid_request", 900144, "client_id", null)]
    [InlineData(400, "invalid_request", 900144, "grant_type", "")]
    [InlineData(400, "unsupported_grant_type", 70003, "grant_type", "implicit")]
    [InlineData(400, "invalid_request", 900144, "scope", null)]
    [InlineData(400, "invalid_scope", 1002012, "scope", "https://communication.azure.com/user_impersonation")]
    [InlineData(400, "invalid_scope", 1002012, "scope", "/.default")]
    [InlineData(400, "invalid_scope", 1002012, "scope", " https://communication.azure.com//.default")]
    [InlineData(400, "invalid_scope", 1002012, "scope", "https://a/.default https://b/.default")]
    public void Wrong_parameter_is_refused(int status, string error, int code, string name, string? value)
    {
        AssertRefused(status, error, code, _emulator.Handle(_entra.TokenRequest((name, value))));
    }

    [Theory]
    [InlineData("POST", "/72f988bf-86f1-41af-91ab-2d7cd011db47/oauth2/v2.0/token")]
    [InlineData("GET", "/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0/.well-known/openid-configuration")]
    [InlineData("POST", "/common/oauth2/v2.0/token")] // Only users may sign in without a tenant id.
    public void Wrong_tenant_is_refused(string method, string path)
    {
        AssertRefused(400, "invalid_tenant", 90002, _emulator.Handle(EntraRequest.Create(method, path)));
    }

    [Fact]
    public void Error_has_the_request_id_of_the_client()
    {
        string id = "b846cf32-469c-45eb-bf4f-6dc318b26269";

        JsonElement refused = AssertRefused(
            401, "invalid_client", 7000215, _emulator.Handle(_entra.TokenRequest(("client_secret", "wrong")).With(("client-request-id", id))));

        Assert.Equal(id, refused.GetProperty("correlation_id").GetString());
    }

    [Fact]
    public void Other_methods_and_long_bodies_are_refused()
    {
        AssertRefused(405, "invalid_request", 900561, _emulator.Handle(EntraRequest.Create("GET", _entra.TokenPath())));
        Assert.Equal(413, _emulator.Handle(_entra.TokenRequest(("padding", new string('x', 70_000)))).Status);
        Assert.Equal(0, _emulator.RequestCount);
    }

    [Theory]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public void Client_assertion_returns_a_token(string algorithm)
    {
        EmulatorResponse response = _emulator.Handle(AssertionRequest(Assertion(_certificate, algorithm)));

        Assert.Equal(200, response.Status);
        Assert.Equal(_entra.ClientId, Jwt.Claims(response.AccessToken()).GetProperty("appid").GetGuid());
    }

    [Fact]
    public void Clock_moves_tokens_but_the_times_of_a_client_assertion_only_if_asked()
    {
        EmulatorRequest request = AssertionRequest(Assertion(_certificate, "PS256"));
        _emulator.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(200, _emulator.Handle(request).Status);

        _emulator.Clock.Advance(TimeSpan.Zero, movesRequestDates: true);
        Assert.Equal(401, _emulator.Handle(request).Status);
    }

    [Theory]
    [MemberData(nameof(BadAssertions))]
    public void Assertion_with_a_wrong_claim_is_refused(string bad)
    {
        EmulatorRequest request = AssertionRequest(Assertion(_certificate, "PS256", _badAssertions[bad]));

        AssertRefused(401, "invalid_client", int.Parse(bad.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), _emulator.Handle(request));
    }

    [Fact]
    public void Assertion_that_the_certificate_did_not_sign_is_refused()
    {
        string unsigned = Jwt.Unsigned(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(Assertion(_certificate, "PS256").Split('.')[1])));
        foreach (string assertion in new[] { Assertion(_otherCertificate, "PS256"), unsigned })
        {
            AssertRefused(401, "invalid_client", 700027, _emulator.Handle(AssertionRequest(assertion)));
        }

        foreach (string assertion in new[] { "", "a.b", "a.b.c", "e30.e30", Jwt.Unsigned("[]"), Jwt.Unsigned("""{"\ud800":1}""") })
        {
            AssertRefused(400, "invalid_request", 50027, _emulator.Handle(AssertionRequest(assertion)));
        }
    }

    [Fact]
    public void Assertion_with_an_unknown_type_is_refused()
    {
        EmulatorRequest request = _entra.TokenRequest(
            ("client_secret", null), ("client_assertion", Assertion(_certificate, "PS256")), ("client_assertion_type", "saml"));

        AssertRefused(401, "invalid_client", 7000216, _emulator.Handle(request));
    }

    [Fact]
    public void Certificate_without_an_rsa_key_is_refused()
    {
        using X509Certificate2 elliptic = AcsIdentity.Emulator.Server.ServerCertificate.Create();

        ArgumentException refused = Assert.Throws<ArgumentException>(() => new EntraOptions { ClientCertificate = elliptic });
        Assert.StartsWith("The client certificate must have an RSA key.", refused.Message, StringComparison.Ordinal);
    }

    private EmulatorRequest AssertionRequest(string assertion) =>
        _entra.TokenRequest(("client_secret", null), ("client_assertion", assertion), ("client_assertion_type", JwtBearer));

    /// <summary>Creates an assertion as MSAL does: the times are strings.</summary>
    private string Assertion(X509Certificate2 certificate, string algorithm, Action<Dictionary<string, object>>? change = null)
    {
        var claims = new Dictionary<string, object>
        {
            ["aud"] = "https://localhost:7443" + _entra.TokenPath(),
            ["iss"] = _entra.ClientId,
            ["sub"] = _entra.ClientId,
            ["nbf"] = _clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["exp"] = _clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        change?.Invoke(claims);
        string signed = Jwt.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""") + "." + Jwt.Encode(JsonSerializer.Serialize(claims));
        using RSA key = certificate.GetRSAPrivateKey()!;
        byte[] signature = key.SignData(
            Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        return signed + "." + System.Buffers.Text.Base64Url.EncodeToString(signature);
    }

    private static JsonElement AssertRefused(int status, string error, int code, EmulatorResponse response)
    {
        JsonElement refused = response.Json();
        Assert.Equal((status, error), (response.Status, refused.GetProperty("error").GetString()));
        Assert.Equal(code, Assert.Single(refused.GetProperty("error_codes").EnumerateArray()).GetInt32());
        string description = refused.GetProperty("error_description").GetString()!;
        Assert.StartsWith($"AADSTS{code}: ", description, StringComparison.Ordinal);
        Assert.Contains(refused.GetProperty("trace_id").GetGuid().ToString(), description, StringComparison.Ordinal);
        Assert.Equal("2026-11-22 12:00:00Z", refused.GetProperty("timestamp").GetString());
        Assert.Equal(
            ["error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id"],
            refused.EnumerateObject().Select(member => member.Name));
        return refused;
    }
}
