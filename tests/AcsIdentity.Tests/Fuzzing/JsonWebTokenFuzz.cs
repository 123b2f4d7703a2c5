using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Models;
using AcsIdentity.Parameters;
using AcsIdentity.Tests.Support;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>JSON Web Tokens, as the emulator and the module read them, changed before and after they are encoded.</summary>
public sealed class JsonWebTokenFuzz(ITestOutputHelper output)
{
    private const string Id = "11111111-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string Audience = "https://localhost:7443/token";

    private static readonly X509Certificate2 _certificate = ClientCertificate.Create();

    private static readonly string[] _payloads =
    [
        $$"""{"skypeid":"acs:{{Id}}_{{Id}}","scp":1792,"exp":2000000000,"acsScope":"chat,voip","resourceId":"{{Id}}","iat":1700000000,"jti":"1"}""",
        $$$"""{"exp":2000000000,"nbf":"1700000000","iss":"{{{Id}}}","sub":"{{{Id}}}","aud":"{{{Audience}}}","appid":"{{{Id}}}","oid":"{{{Id}}}","x":{"y":[1.5,null,true]}}""",
    ];

    [Fact]
    public void Holds()
    {
        Gen<string> token = Gen.Select(
            Mutation.Of("""{"alg":"RS256","typ":"JWT"}"""),
            Mutation.Of(_payloads),
            Mutation.Any,
            (header, payload, mutation) => mutation.Apply($"{Jwt.Encode(header)}.{Jwt.Encode(payload)}.{Jwt.Encode("signature")}"));
        Fuzzer.Run(output, token, Check, text => text);
    }

    /// <summary>Client assertions whose signature is right.</summary>
    [Fact]
    public void Assertion_holds()
    {
        using RSA key = _certificate.GetRSAPrivateKey()!;
        var validator = new ClientAssertionValidator(Guid.Parse(Id), _certificate, TimeProvider.System);
        Fuzzer.Run(
            output,
            Gen.Select(Gen.OneOf("RS256", "PS256"), Mutation.Of(_payloads)),
            input =>
            {
                string signed = Jwt.Encode($$"""{"alg":"{{input.Item1}}"}""") + "." + Jwt.Encode(input.Item2);
                byte[] signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, input.Item1 == "RS256" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);
                Expect.Documented<EntraError>(() => validator.Validate($"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}", Audience));
            },
            input => input.Item2);
    }

    private static void Check(string token)
    {
        TeamsUserToken.TryRead(token);
        if (JsonWebToken.TryRead(token) is { } read)
        {
            read.GetTime("exp");
            // The module reads a token by the same rules, but not its header and its signature.
            CommunicationTokenClaims.Read(token);
        }

        Expect.Documented<FormatException>(
            () =>
            {
                var claims = CommunicationTokenClaims.Read(TokenText.Find(token));
                Assert.True(claims.Expiry is not { } time || Iso8601.Format(time).Length == 20);
                Assert.Equal(claims.Scope, new TokenScope(TokenScope.Split([claims.Scope.ToString()])));
            },
            Parts(token));
    }

    /// <summary>The texts that no message may quote.</summary>
    private static IEnumerable<string> Parts(string token) => token.Split('.').Where(part => part.Length >= 12);
}
