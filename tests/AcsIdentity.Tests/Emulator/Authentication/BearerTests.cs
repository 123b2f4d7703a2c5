using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Authentication;

/// <summary>The Entra tokens that the service accepts and denies.</summary>
public sealed class BearerTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Func<BearerTests, EmulatorRequest>> _refused = new()
    {
        ["wrong audience"] = test => EntraRequest.BearerRequest(test.Token(("scope", "https://management.azure.com//.default"))),
        ["audience without its slash"] = test => EntraRequest.BearerRequest(test.Token(("scope", "https://communication.azure.com/.default"))),
        ["expired"] = test => After(TimeSpan.FromHours(1), test),
        ["not yet valid"] = test => After(TimeSpan.FromSeconds(-1), test),
        ["unsigned"] = test => EntraRequest.BearerRequest(Jwt.Unsigned(PayloadOf(test.Token()))),
        ["without its signature"] = test => EntraRequest.BearerRequest(Swap(test.Token(), signature: "")),
        ["with another token's signature"] = test => EntraRequest.BearerRequest(Swap(test.Token(), test.Token(("scope", "https://a/.default")).Split('.')[2])),
        ["key of another authority"] = test => EntraRequest.BearerRequest(ForeignToken(test._emulator.Entra)),
        ["access token of the service"] = test => EntraRequest.BearerRequest(test.AcsToken()),
        ["no token"] = _ => EntraRequest.BearerRequest(""),
        ["over http"] = test => EntraRequest.BearerRequest(test.Token()) with { IsSecure = false },
    };

    private readonly ManualClock _clock = new(_now);
    private readonly IdentityEmulator _emulator;

    public BearerTests() => _emulator = new IdentityEmulator(new EmulatorOptions { Clock = _clock });

    public static TheoryData<string> Refused() => [.. _refused.Keys];

    public void Dispose() => _emulator.Dispose();

    [Fact]
    public void Token_for_the_service_is_accepted_until_it_expires()
    {
        string token = Token();

        Assert.Equal(201, _emulator.Handle(EntraRequest.BearerRequest(token)).Status);
        _clock.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
        Assert.Equal(201, _emulator.Handle(EntraRequest.BearerRequest(token)).Status);
    }

    [Fact]
    public void Scheme_ignores_case()
    {
        Assert.Equal(201, _emulator.Handle(EntraRequest.BearerRequest(Token()).With(("Authorization", "bearer " + Token()))).Status);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Any_other_token_is_denied(string name)
    {
        EmulatorResponse response = _emulator.Handle(_refused[name](this));

        Assert.Equal(401, response.Status);
        Assert.Equal("""{"error":{"code":"Denied","message":"Denied by the resource provider."}}""", Encoding.UTF8.GetString(response.Body));
        Assert.Equal(0, _emulator.IdentityCount);
    }

    [Fact]
    public void Entra_token_is_not_an_access_token()
    {
        Assert.Equal(
            new TokenIntrospection(IsSigned: false, IsExpired: false, IsRevoked: false, IdentityExists: false),
            _emulator.Introspect(Token()));
    }

    private string Token(params (string, string?)[] changes) => _emulator.Handle(_emulator.Entra.TokenRequest(changes)).AccessToken();

    /// <summary>Returns an access token of a deleted identity, so that the identity count stays 0.</summary>
    private string AcsToken()
    {
        EmulatorResponse created = _emulator.Handle(SignedRequest.Create(
            _emulator.AccessKey, "POST", "/identities?api-version=2023-10-01", """{"createTokenWithScopes":["chat"]}""", _now));
        JsonElement answer = created.Json();
        _emulator.Handle(SignedRequest.Create(
            _emulator.AccessKey, "DELETE", $"/identities/{Uri.EscapeDataString(answer.GetProperty("identity").GetProperty("id").GetString()!)}?api-version=2023-10-01", date: _now));
        return answer.GetProperty("accessToken").GetProperty("token").GetString()!;
    }

    private static EmulatorRequest After(TimeSpan time, BearerTests test)
    {
        EmulatorRequest request = EntraRequest.BearerRequest(test.Token());
        test._clock.Advance(time);
        return request;
    }

    private static string ForeignToken(EntraOptions entra)
    {
        using var other = new IdentityEmulator(new EmulatorOptions { Clock = new ManualClock(_now), Entra = entra });
        return other.Handle(entra.TokenRequest()).AccessToken();
    }

    private static string Swap(string token, string signature) => token[..(token.LastIndexOf('.') + 1)] + signature;

    private static string PayloadOf(string token) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));
}
