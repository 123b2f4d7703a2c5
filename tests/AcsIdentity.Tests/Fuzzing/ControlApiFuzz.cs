using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>Sequences of requests to the control API, and to the service while faults are in force and the clock is moved.</summary>
public sealed class ControlApiFuzz(ITestOutputHelper output) : EmulatorTarget(output)
{
    private const string Create = "/identities?api-version=2025-03-02-preview";

    private static readonly (string Method, string Target, string[] Bodies)[] _requests =
    [
        ("POST", "/emulator/faults",
        [
            """{"kind":"Status","operation":"Create","status":503,"retryAfter":5,"next":1}""",
            """{"kind":"Drop","probability":0.5,"seed":7}""",
            """{"kind":"Delay","delay":100,"every":2}""",
        ]),
        ("DELETE", "/emulator/faults", [""]),
        ("POST", "/emulator/clock",
        [
            """{"now":"2400-12-01T00:00:00Z"}""", """{"now":"1970-01-01T00:00:00+00:00","requestDates":true}""", """{"now":"9998-12-31T23:59:59Z"}""", """{"now":"9999-01-01T00:00:00Z"}""",
            """{"advance":3600}""", """{"advance":1e11,"requestDates":true}""",
        ]),
        ("POST", "/emulator/introspect", ["""{"token":"{token}"}""", """{"token":"{service}"}"""]),
        ("POST", "/emulator/reset", ["{}"]),
        ("GET", "/emulator/clock", [""]),
        ("GET", "/emulator/requests", [""]),
        ("GET", "/emulator/identities", [""]),
        ("GET", "/", [""]),
        ("POST", Create, ["""{"createTokenWithScopes":["chat"],"customId":"ann"}""", """{"customId":"\u202e<b>"}"""]),
        ("POST", "/{guid}/oauth2/v2.0/token", ["grant_type=client_credentials&client_id={guid}&client_secret=secret&scope=https://communication.azure.com//.default"]),
    ];

    [Fact]
    public void Holds()
    {
        Gen<FuzzRequest> request = Gen.Select(
            Gen.OneOf(_requests),
            Gen.Int[0, 5],
            Mutation.Any,
            (request, body, mutation) => new FuzzRequest(request.Method, request.Target, request.Bodies[body % request.Bodies.Length])
            {
                BodyMutation = mutation,
                Headers = [("Content-Type", "application/json; charset=utf-8", null)],
            });
        Run(request.Array[1, 6]);
    }
}
