using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Tests.Support;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>The endpoints of the Entra tenant: token, authorization, device code, discovery and managed identity.</summary>
public sealed class EntraFuzz(ITestOutputHelper output) : EmulatorTarget(output)
{
    private const string Token = "/{guid}/oauth2/v2.0/token";

    /// <summary>Right requests: the method, the path, and parameters of the form or the query.</summary>
    private static readonly (string Method, string Path, (string Name, string Value)[] Parameters)[] _requests =
    [
        ("POST", Token, [("grant_type", "client_credentials"), ("client_id", "{guid}"), ("client_secret", "secret"), ("scope", EntraRequest.Scope)]),
        ("POST", Token,
        [
            ("grant_type", "client_credentials"), ("client_id", "{guid}"), ("scope", EntraRequest.Scope), ("client_assertion", "{teams}"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ]),
        ("POST", Token, [("grant_type", "password"), ("client_id", "{guid}"), ("username", "user@emulator.invalid"), ("password", "any"), ("scope", EntraRequest.Scope + " offline_access openid")]),
        ("POST", Token, [("grant_type", "refresh_token"), ("client_id", "{guid}"), ("refresh_token", "{refresh}"), ("scope", "https://communication.azure.com/clients/VoIP")]),
        ("POST", Token, [("grant_type", "device_code"), ("client_id", "{guid}"), ("device_code", "{device}")]),
        ("POST", Token, [("grant_type", "authorization_code"), ("client_id", "{guid}"), ("code", "{code}"), ("redirect_uri", "http://localhost:1/"), ("code_verifier", "verifier")]),
        ("POST", "/{guid}/oauth2/v2.0/devicecode", [("client_id", "{guid}"), ("scope", EntraRequest.Scope)]),
        ("POST", "/devicelogin", [("user_code", "{usercode}")]),
        ("GET", "/common/oauth2/v2.0/authorize",
        [
            ("client_id", "{guid}"), ("response_type", "code"), ("scope", EntraRequest.Scope), ("redirect_uri", "http://localhost:1/"), ("code_challenge", "c"), ("state", "s"),
            ("response_mode", "form_post"), ("nonce", "n"),
        ]),
        ("GET", "/organizations/oauth2/v2.0/authorize",
            [("client_id", "{guid}"), ("response_type", "code"), ("scope", EntraRequest.Scope), ("redirect_uri", "http://[::1]:1/a?b=c"), ("code_challenge", "c"), ("state", "s")]),
        ("GET", "/{guid}/v2.0/.well-known/openid-configuration", []),
        ("GET", "/common/userrealm/user@emulator.invalid", [("api-version", "1.0")]),
        ("GET", "/metadata/identity/oauth2/token", [("api-version", "2018-02-01"), ("resource", EntraRequest.Resource), ("client_id", "{guid}")]),
        ("GET", "/msi/token", [("api-version", "2019-08-01"), ("resource", EntraRequest.Resource), ("object_id", "{guid}")]),
    ];

    [Fact]
    public void Holds()
    {
        // Requests with at most 8 parameters. Each value is changed by its own mutation, before it is escaped or instead.
        Gen<(Mutation Mutation, bool IsEscaped)> change = Gen.Select(
            Gen.Frequency<Mutation>((3, Gen.Const(new Mutation([]))), (1, Mutation.Some)), Gen.Int[0, 3], (mutation, escape) => (mutation, escape > 0));
        Run(Gen.Select(
            Gen.OneOf(_requests),
            change.Array[8, 8],
            Gen.Frequency<Mutation>((4, Gen.Const(new Mutation([]))), (1, Mutation.Some)),
            Gen.Frequency<Mutation>((9, Gen.Const(new Mutation([]))), (1, Mutation.Some)),
            Mutation.Any,
            (request, changes, parametersMutation, pathMutation, headerMutation) => Make(request, changes, parametersMutation, pathMutation, headerMutation)));
    }

    private static FuzzRequest Make(
        (string Method, string Path, (string Name, string Value)[] Parameters) request,
        (Mutation Mutation, bool IsEscaped)[] changes,
        Mutation parametersMutation,
        Mutation pathMutation,
        Mutation headerMutation)
    {
        string parameters = string.Join('&', request.Parameters.Zip(changes, (parameter, change) => $"{parameter.Name}={Value(parameter.Value, change)}"));
        bool isForm = request.Method == "POST";
        return new FuzzRequest(request.Method, isForm ? request.Path : $"{request.Path}?{parameters}", isForm ? parameters : "")
        {
            TargetMutation = isForm ? pathMutation : parametersMutation,
            BodyMutation = parametersMutation,
            IsSigned = false,
            Headers = new List<(string, string?, Mutation?)> { ("Metadata", "true", null), ("X-IDENTITY-HEADER", "header", null), ("client-request-id", Id, headerMutation), ("Host", null, pathMutation) },
        };
    }

    private static string Value(string value, (Mutation Mutation, bool IsEscaped) change)
    {
        string changed = change.Mutation.Apply(value);
        // The names in braces are still to be replaced.
        return change.IsEscaped ? Uri.EscapeDataString(changed).Replace("%7B", "{", StringComparison.Ordinal).Replace("%7D", "}", StringComparison.Ordinal) : changed;
    }
}
