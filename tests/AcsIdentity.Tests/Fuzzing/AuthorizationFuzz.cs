using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>The headers that authenticate a request: the signature with its date and hash, and Entra tokens.</summary>
public sealed class AuthorizationFuzz(ITestOutputHelper output) : EmulatorTarget(output)
{
    [Fact]
    public void Holds()
    {
        Gen<(string Name, string? Value, Mutation? Mutation)> signed = Gen.Select(
            Gen.OneOf("Authorization", "x-ms-date", "x-ms-content-sha256", "Host", "Date"), Mutation.Some, (name, mutation) => (name, (string?)null, (Mutation?)mutation));
        Gen<(string Name, string? Value, Mutation? Mutation)> bearer = Gen.Select(
            Gen.OneOf("Bearer {service}", "Bearer {token}", "Bearer {teams}", "bearer {https://communication.azure.com/clients/VoIP}"),
            Mutation.Any,
            (value, mutation) => ("Authorization", (string?)value, (Mutation?)mutation));
        Run(Gen.Select(
            Gen.OneOf<(string, string?, Mutation?)[]>(signed.Array[1, 3], bearer.Array[1, 1]),
            Gen.OneOf(FuzzRequest.Create.Target, "/access/entra/:exchangeAccessToken?api-version=2025-03-02-preview", "/nothing"),
            Gen.Bool,
            (headers, target, isSecure) => new FuzzRequest("POST", target, "{}") { Headers = headers, IsSecure = isSecure }));
    }
}
