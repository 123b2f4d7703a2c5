using System.Linq;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>Methods, request targets and headers, of all endpoints, with and without a signature.</summary>
public sealed class RequestTargetFuzz(ITestOutputHelper output) : EmulatorTarget(output)
{
    private static readonly string[] _endpoints =
    [
        "/", "/devicelogin", "/msi/token?api-version=2019-08-01&resource=https://communication.azure.com/", "/.well-known/jwks.json", "/emulator/identities", "/emulator/requests",
        "/emulator/faults", "/emulator/clock", "/emulator/assignments", "/emulator/revoke?id={id}", "/emulator/delete?id={id}", "/common/userrealm/user@emulator.invalid",
        $"/{Id}/v2.0/.well-known/openid-configuration", $"/{Id}/oauth2/v2.0/token", "/common/oauth2/v2.0/authorize", $"/{Id}/oauth2/v2.0/devicecode",
    ];

    private static readonly (string Name, string Value)[] _headers =
    [
        ("Host", "localhost:7443"), ("Content-Type", "application/json"), ("Origin", "https://localhost:7443"), ("x-ms-client-request-id", Id), ("client-request-id", Id),
        ("User-Agent", "azsdk-net"), ("Metadata", "true"), ("X-IDENTITY-HEADER", "header"),
    ];

    [Fact]
    public void Holds()
    {
        string[] targets =
        [
            .. _endpoints,
            .. Emulator.Routes.Select(route => $"/{route.Path.Replace("tenantId", "guid", System.StringComparison.Ordinal).Replace("objectId", "guid", System.StringComparison.Ordinal)}?api-version=2025-03-02-preview"),
        ];
        Gen<(string Name, string? Value, Mutation? Mutation)> header = Gen.Select(
            Gen.OneOf(_headers), Mutation.Any, (header, mutation) => (header.Name, (string?)header.Value, (Mutation?)mutation));
        Run(Gen.Select(
            Gen.Frequency<string>((9, Gen.OneOf("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")), (1, Mutation.Of("GET"))),
            Gen.OneOf(targets),
            Mutation.Some,
            header.Array[0, 3],
            Gen.Bool,
            Gen.Bool,
            (method, target, mutation, headers, isSigned, isSecure) => new FuzzRequest(method, target, "{}")
            {
                TargetMutation = mutation,
                Headers = headers,
                IsSigned = isSigned,
                IsSecure = isSecure,
            }));
    }
}
