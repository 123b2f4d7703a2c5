using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Tests.Support;

/// <summary>Requests to the emulator's Entra tenant, as Azure.Identity 1.17.2 has been recorded to send them.</summary>
internal static class EntraRequest
{
    public const string Scope = "https://communication.azure.com//.default";
    public const string Resource = "https://communication.azure.com/";

    /// <summary>The application that users sign in to.</summary>
    public const string DeveloperTools = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

    public static string TokenPath(this EntraOptions entra) => $"/{entra.TenantId}/oauth2/v2.0/token";

    /// <summary>Returns a token request with the client's secret and some parameters replaced. Null removes a parameter.</summary>
    public static EmulatorRequest TokenRequest(this EntraOptions entra, params (string Name, string? Value)[] changes) => Create(
        "POST",
        entra.TokenPath(),
        Form(
            changes,
            ("client_id", entra.ClientId.ToString()),
            ("client_secret", entra.ClientSecret),
            ("scope", Scope),
            ("grant_type", "client_credentials"),
            ("client_info", "2")));

    /// <summary>Signs the tenant's user in by a password, and returns the access token.</summary>
    public static string SignInUser(this IdentityEmulator emulator, string scope) => emulator.Handle(Create("POST", emulator.Entra.TokenPath(), Form(
        [],
        ("grant_type", "password"),
        ("client_id", DeveloperTools),
        ("username", "user@emulator.invalid"),
        ("password", "any"),
        ("scope", scope)))).AccessToken();

    /// <summary>Returns a form with some parameters replaced. Null removes a parameter.</summary>
    public static string Form((string Name, string? Value)[] changes, params (string Name, string? Value)[] parameters)
    {
        var form = parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        foreach ((string name, string? value) in changes)
        {
            form[name] = value;
        }

        return string.Join('&', form.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!)}"));
    }

    public static EmulatorRequest Create(string method, string target, string body = "", params (string Name, string Value)[] headers) => new()
    {
        Method = method,
        RawTarget = target,
        Body = Encoding.UTF8.GetBytes(body),
        Headers = new Dictionary<string, string>(headers.Select(header => KeyValuePair.Create(header.Name, header.Value)), StringComparer.OrdinalIgnoreCase)
        {
            ["Host"] = "localhost:7443",
        },
        IsSecure = true,
    };

    /// <summary>Returns a create request with an Entra token, without date and content hash.</summary>
    public static EmulatorRequest BearerRequest(string token) =>
        Create("POST", "/identities?api-version=2023-10-01", "{}", ("Authorization", "Bearer " + token));

    public static JsonElement Json(this EmulatorResponse response) => JsonDocument.Parse(response.Body).RootElement;

    public static string AccessToken(this EmulatorResponse response) => response.Json().GetProperty("access_token").GetString()!;
}
