using System;
using System.Linq;
using AcsIdentity.Emulator.Identities;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>The bodies and ids of all operations in all versions, with a right credential.</summary>
public sealed class OperationFuzz(ITestOutputHelper output) : EmulatorTarget(output)
{
    private const string Assignment = """{"tenantId":"{guid}","principalType":"user","clientIds":["{guid}"]}""";

    private static readonly string[] _bodies =
    [
        "",
        "{}",
        """{"createTokenWithScopes":["chat","voip"],"expiresInMinutes":60,"customId":"ann"}""",
        """{"customId":"ann"}""",
        """{"scopes":["chat"],"expiresInMinutes":1440}""",
        """{"tokensValidFrom":"2026-11-26T12:00:00Z"}""",
        """{"token":"{teams}","appId":"{guid}","userId":"{guid}"}""",
        Assignment,
        $$"""{"{guid}":{{Assignment}},"72f988bf-86f1-41af-91ab-2d7cd011db47":null}""",
    ];

    private static readonly string[] _names =
        ["createTokenWithScopes", "expiresInMinutes", "customId", "scopes", "tokensValidFrom", "token", "appId", "userId", "tenantId", "principalType", "clientIds", Id];

    private static readonly string[] _values =
    [
        "null", "true", "0", "-1", "60", "1e3", "1e400", "61.5", "9223372036854775807", "9223372036854775808", "\"\"", "\"chat\"", "\"\\ud800\"", "\"\\u0000\"", "\"\\u202e\"",
        "\"2026-11-26T12:00:00Z\"", "\"2026-11-26T12:00:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"2026-11-26T12:00:00\\ud800Z\"",
        $"\"{Id}\"", "\"{teams}\"", "\"user\"", "[]", "[null]", "[\"chat\"]", "[\"chat\",\"CHAT\"]", "[\"\\ud800\"]", "[[[[\"chat\"]]]]", "{}", "{\"\\ud800\":1}", Assignment,
    ];

    /// <summary>An object of known members with values of any kind.</summary>
    private static readonly Gen<string> _objects = Gen.Select(Gen.OneOf(_names), Gen.OneOf(_values), (name, value) => $"\"{name}\":{value}")
        .Array[0, 5].Select(members => $"{{{string.Join(',', members)}}}");

    [Fact]
    public void Holds()
    {
        (string Method, string Target, string? Scope, string Body)[] operations = (
            from route in Emulator.Routes
            from version in ApiVersion.All
            where route.IsIn(version)
            let path = route.Path.Replace("{tenantId}", "{guid}", StringComparison.Ordinal).Replace("{objectId}", "{guid}", StringComparison.Ordinal)
            select (route.Method, $"/{path}?api-version={version.Name}", ScopeOf(route.Path), BodyOf(route))).ToArray();
        Run(Gen.Select(
            Gen.OneOf(operations),
            // Half of the bodies are right for the operation, before they are changed.
            Gen.OneOf<string?>(Gen.Const((string?)null), Gen.OneOf<string>(Gen.OneOf(_bodies), _objects)),
            Mutation.Any,
            Gen.Frequency<Mutation>((4, Gen.Const(new Mutation([]))), (1, Mutation.Some)),
            (operation, body, bodyMutation, targetMutation) => new FuzzRequest(operation.Method, operation.Target, body ?? operation.Body)
            {
                BodyMutation = bodyMutation,
                TargetMutation = targetMutation,
                Headers = operation.Scope is null ? [] : [("Authorization", $"Bearer {{{operation.Scope}}}", null)],
            }));
    }

    private static string BodyOf(ServiceRoute route) => (route.Method, route.Operation) switch
    {
        ("POST", ServiceOperation.Create) => _bodies[2],
        ("POST", ServiceOperation.Issue) => _bodies[4],
        ("PATCH", ServiceOperation.Revoke) => _bodies[5],
        ("POST", ServiceOperation.Exchange) when route.Path.StartsWith("teamsUser", StringComparison.Ordinal) => _bodies[6],
        ("PUT", ServiceOperation.Assign) => Assignment,
        ("PATCH", ServiceOperation.Assign) => _bodies[8],
        _ => "{}",
    };

    /// <returns>The scope of the Entra token that the path needs; null if it needs the access key.</returns>
    private static string? ScopeOf(string path) => path switch
    {
        "access/entra/:exchangeAccessToken" => "https://communication.azure.com/clients/VoIP",
        "access/teamsExtension/:exchangeAccessToken" => "https://auth.msft.communication.azure.com/TeamsExtension.ManageCalls",
        _ => null,
    };
}
