using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;

namespace AcsIdentity.Tests.Conformance;

/// <summary>Requests for one route in one version, each with the status of the answer. Send each one before the next one is made.</summary>
/// <param name="emulator">The emulator that answers.</param>
/// <param name="clock">Its clock.</param>
/// <param name="version">The version.</param>
/// <param name="route">The method and the path of the route.</param>
internal sealed class AnswerSamples(IdentityEmulator emulator, TimeProvider clock, string version, string route)
{
    private const string Id = "11111111-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string Foreign = $"/identities/8:acs:{Id}_{Id}";
    private const string EntraAssignment = $$"""{"tenantId":"{{Id}}","principalType":"user","clientIds":["{{Id}}"]}""";
    private const string EntraScope = "https://communication.azure.com/clients/VoIP";
    private const string TeamsExtensionScope = "https://auth.msft.communication.azure.com/TeamsExtension.ManageCalls";

    private readonly string _method = route.Split(' ')[0];

    /// <summary>The path of the route with valid ids, of which none exists.</summary>
    private readonly string _path = "/" + route.Split(' ')[1]
        .Replace("{id}", $"8:acs:{Id}_{Id}", StringComparison.Ordinal)
        .Replace("{tenantId}", Id, StringComparison.Ordinal)
        .Replace("{objectId}", Id, StringComparison.Ordinal);

    private bool IsFirstPreview => version == "2020-07-20-preview2";

    private bool IsNewestPreview => version == "2025-03-02-preview";

    /// <summary>The scope of the route's Entra tokens; null if the route accepts the access key.</summary>
    private string? Scope => route switch
    {
        "POST access/entra/:exchangeAccessToken" => EntraScope,
        "POST access/teamsExtension/:exchangeAccessToken" => TeamsExtensionScope,
        _ => null,
    };

    /// <summary>Requests that the emulator performs, and those that it refuses for their values.</summary>
    public IEnumerable<(int Status, EmulatorRequest Request)> Performed() => route switch
    {
        "POST identities" => Creates(),
        "GET identities/{id}" => Gets(),
        "DELETE identities/{id}" => [(204, Signed(Create())), (401, Signed(Foreign))],
        "PATCH identities/{id}" => [(204, Signed(Create(), """{"tokensValidFrom":"2026-11-26T12:00:00Z"}""")), (400, Signed(Create(), """{"tokensValidFrom":1}""")), (401, Signed(Foreign, "{}"))],
        "POST identities/{id}/token" => Issues("/token"),
        "POST identities/{id}/:issueAccessToken" => Issues("/:issueAccessToken"),
        "POST identities/{id}/:revokeAccessTokens" => [(204, Signed(Create() + "/:revokeAccessTokens")), (401, Signed(Foreign + "/:revokeAccessTokens"))],
        "POST teamsUser/:exchangeAccessToken" => ExchangesOfTeamsUsers(),
        "POST access/entra/:exchangeAccessToken" => ExchangesOfEntraUsers(
            "/access/entra/assignments/{user}", $$"""{"tenantId":"{{emulator.Entra.TenantId}}","principalType":"user","clientIds":["{{EntraRequest.DeveloperTools}}"]}"""),
        "POST access/teamsExtension/:exchangeAccessToken" => ExchangesOfEntraUsers(
            $"/access/teamsExtension/tenants/{emulator.Entra.TenantId}/assignments/{{user}}", """{"principalType":"user"}"""),
        "GET access/entra/assignments" => Reads("/access/entra/assignments/" + Id, EntraAssignment),
        "PATCH access/entra/assignments" => [(204, Signed(_path, $$"""{"{{Id}}":{{EntraAssignment}}}""")), (204, Signed(_path, $$"""{"{{Id}}":null}""")), (400, Signed(_path, """{"x":null}"""))],
        "GET access/entra/assignments/{objectId}" => Reads(_path, EntraAssignment).Prepend((404, Signed(_path))),
        "PUT access/entra/assignments/{objectId}" => [(201, Signed(_path, EntraAssignment)), (200, Signed(_path, EntraAssignment)), (400, Signed(_path, "{}"))],
        "GET access/teamsExtension/tenants/{tenantId}/assignments/{objectId}" => Reads(_path, $$"""{"principalType":"user","clientIds":["{{Id}}"]}""").Prepend((404, Signed(_path))),
        "PUT access/teamsExtension/tenants/{tenantId}/assignments/{objectId}" =>
        [
            (201, Signed(_path, """{"principalType":"resourceAccount"}""")),
            (200, Signed(_path, $$"""{"principalType":"user","clientIds":["{{Id}}"]}""")),
            (400, Signed(_path, """{"principalType":"x"}""")),
        ],
        "DELETE access/entra/assignments/{objectId}" or "DELETE access/teamsExtension/tenants/{tenantId}/assignments/{objectId}" =>
            [(204, Signed(_path)), (400, Signed(_path.Replace("assignments/" + Id, "assignments/x", StringComparison.Ordinal)))],
        _ => throw new NotSupportedException($"There are no requests for the route {route}."),
    };

    /// <summary>Requests that the emulator refuses on every route.</summary>
    public IEnumerable<(int Status, EmulatorRequest Request)> Refused()
    {
        string target = $"{_path}?api-version={version}";
        yield return (400, Authorized(_path, "{}"));
        yield return (400, Authorized(_path + "?api-version=1999-01-01", "{}"));
        yield return (401, Signed(_method, target, "{}", key: "b3RoZXIga2V5"));
        yield return (401, Signed(_method, target, "{}").With(("Authorization", null)));
        yield return (404, Signed(_method, $"/nothing{_path}?api-version={version}", "{}"));
        yield return (405, Signed("OPTIONS", target, ""));
        yield return (413, Authorized(target, new string(' ', 70_000)));
        emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, Next = 1 });
        yield return (503, Authorized(target, "{}"));
    }

    private IEnumerable<(int Status, EmulatorRequest Request)> Creates()
    {
        if (IsFirstPreview)
        {
            yield return (200, Signed(_path));
            yield break;
        }

        yield return (201, Signed(_path));
        yield return (201, Signed(_path, """{"createTokenWithScopes":["chat","voip"],"expiresInMinutes":60,"customId":"ann"}"""));
        yield return (201, Signed(_path, """{"customId":"ann"}"""));
        yield return (400, Signed(_path, """{"createTokenWithScopes":["x"]}"""));
        yield return (400, Signed(_path, "["));
        if (IsNewestPreview)
        {
            yield return (400, Signed(_path, """{"customId":""}"""));
        }
    }

    private IEnumerable<(int Status, EmulatorRequest Request)> Gets()
    {
        yield return (200, Signed(Create()));
        yield return (200, Signed(Create("""{"customId":"ann"}""")));
        yield return (200, Signed(Create("""{"customId":"ann","createTokenWithScopes":["chat"]}""")));
        yield return (401, Signed(Foreign));
    }

    private IEnumerable<(int Status, EmulatorRequest Request)> Issues(string operation)
    {
        string path = Create() + operation;
        yield return (200, Signed(path, """{"scopes":["chat"]}"""));
        yield return (400, Signed(path, "{}"));
        yield return (400, Signed(path, """{"scopes":[]}"""));
        yield return (401, Signed(Foreign + operation, """{"scopes":["chat"]}"""));
    }

    private IEnumerable<(int Status, EmulatorRequest Request)> ExchangesOfTeamsUsers()
    {
        string token = Jwt.Unsigned($$"""{"exp":{{clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds()}},"appid":"{{Id}}","oid":"{{Id}}"}""");
        yield return (200, Signed(_path, $$"""{"token":"{{token}}","appId":"{{Id}}","userId":"{{Id}}"}"""));
        yield return (401, Signed(_path, "{}"));
        if (version != "2021-10-31-preview")
        {
            yield return (400, Signed(_path, $$"""{"token":"{{token}}"}"""));
        }
    }

    private IEnumerable<(int Status, EmulatorRequest Request)> ExchangesOfEntraUsers(string assignmentPath, string assignment)
    {
        string target = $"{_path}?api-version={version}";
        yield return (403, Authorized(target, "{}"));
        yield return (400, Authorized(target, "[]"));
        string user = Jwt.Claims(emulator.SignInUser(Scope!)).GetProperty("oid").GetString()!;
        Prepare("PUT", assignmentPath.Replace("{user}", user, StringComparison.Ordinal), assignment);
        yield return (200, Authorized(target, "{}"));
    }

    /// <summary>Reads what is there after a PUT.</summary>
    private IEnumerable<(int Status, EmulatorRequest Request)> Reads(string path, string body)
    {
        Prepare("PUT", path, body);
        yield return (200, Signed(_path));
    }

    /// <summary>Creates an identity, and returns its path.</summary>
    private string Create(string body = "")
    {
        JsonElement created = Prepare("POST", "/identities", body).Json();
        JsonElement identity = IsFirstPreview ? created : created.GetProperty("identity");
        return "/identities/" + Uri.EscapeDataString(identity.GetProperty("id").GetString()!);
    }

    private EmulatorResponse Prepare(string method, string path, string body) => emulator.Handle(Signed(method, $"{path}?api-version={version}", body));

    private EmulatorRequest Signed(string path, string body = "") => Signed(_method, $"{path}?api-version={version}", body);

    private EmulatorRequest Signed(string method, string target, string body, string? key = null) =>
        SignedRequest.Create(key ?? emulator.AccessKey, method, target, body, clock.GetUtcNow());

    /// <summary>Returns a request of the route with the credential that it accepts.</summary>
    private EmulatorRequest Authorized(string target, string body) => Scope is null
        ? Signed(_method, target, body)
        : EntraRequest.Create(_method, target, body, ("Authorization", "Bearer " + emulator.SignInUser(Scope)));
}
