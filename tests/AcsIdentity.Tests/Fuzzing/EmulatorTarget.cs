using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Tests.Support;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>
/// A target in the emulator. Whatever comes, the emulator throws nothing, answers with no status of 500 or more, with a JSON body
/// that parses, and with headers that a host can send, and after it answers a right request.
/// </summary>
public abstract partial class EmulatorTarget(ITestOutputHelper output) : IDisposable
{
    private protected const string Id = "11111111-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const int InputsBetweenResets = 1000;
    private const string TestIdentity = """{"customId":"id"}""";

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // The key pair and the tokens of the emulator are costly, so all inputs share them.
    private readonly Dictionary<string, string> _tokens = [];
    private readonly SortedDictionary<int, int> _statuses = [];
    private int _inputs;

    private protected IdentityEmulator Emulator { get; } = new(new EmulatorOptions
    {
        ResourceId = Guid.Parse(Id),
        Entra = new EntraOptions { TenantId = Guid.Parse(Id), ClientId = Guid.Parse(Id), ClientSecret = "secret", ManagedIdentityClientId = Guid.Parse(Id), IdentityHeader = "header" },
    });

    public void Dispose()
    {
        // How deep the inputs get: most of them should not be refused at the door.
        output.WriteLine("Answers: " + string.Join(", ", _statuses.Select(status => FormattableString.Invariant($"{status.Value} x {status.Key}"))));
        Emulator.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Run(Gen<FuzzRequest> requests) => Fuzzer.Run(output, requests, request => Check([request]), request => request.ToString());

    /// <summary>Sends the requests of each input to the same emulator.</summary>
    private protected void Run(Gen<FuzzRequest[]> inputs) => Fuzzer.Run(output, inputs, Check, requests => string.Join("\n", requests.AsEnumerable()));

    private void Check(FuzzRequest[] requests)
    {
        // All first: a fault that one of them adds would break the making of the next.
        foreach (EmulatorRequest request in requests.Select(request => request.Build(Emulator, Fill)).ToArray())
        {
            long before = Emulator.Clock.GetTimestamp();
            bool hasFaults = Emulator.Faults.Faults.Count > 0;
            EmulatorResponse response = Emulator.Handle(request);
            Assert.InRange(response.Status, 200, hasFaults ? 599 : 499);
            foreach ((string name, string value) in response.Headers)
            {
                Assert.True((name + value).All(character => character is >= ' ' and <= '~'), $"A host cannot send the header {name}.");
            }

            _statuses[response.Status] = _statuses.GetValueOrDefault(response.Status) + 1;
            RequireReadable(response);
            Assert.True(before <= Emulator.Clock.GetTimestamp(), "The timestamp goes back.");
        }

        if (Emulator.Faults.Faults.Count == 0)
        {
            Assert.Equal(201, Emulator.Handle(FuzzRequest.Create.Build(Emulator, Fill)).Status);
        }

        bool isChanged = Emulator.Faults.Faults.Count > 0 || Emulator.Clock.Offset != TimeSpan.Zero;
        if (isChanged || ++_inputs % InputsBetweenResets == 0)
        {
            Emulator.Reset();
        }
    }

    private static void RequireReadable(EmulatorResponse response)
    {
        if (response.Headers.TryGetValue("Content-Type", out string? type) && type.StartsWith("application/json", StringComparison.Ordinal))
        {
            JsonDocument.Parse(response.Body).Dispose();
        }
        else
        {
            _utf8.GetString(response.Body);
        }
    }

    /// <summary>Replaces the names in a request by values of the emulator.</summary>
    private string Fill(string text) => Name().Replace(text, match => match.Groups["name"].Value switch
    {
        "guid" => Id,
        "id" => Emulator.Handle(SignedRequest.Create(Emulator.AccessKey, "POST", FuzzRequest.Create.Target, TestIdentity)).Json()
            .GetProperty("identity").GetProperty("id").GetString()!,
        "token" => Token("token", () => Emulator.Handle(SignedRequest.Create(Emulator.AccessKey, "POST", FuzzRequest.Create.Target, """{"createTokenWithScopes":["chat"]}""")).Json()
            .GetProperty("accessToken").GetProperty("token").GetString()!),
        "teams" => Jwt.Unsigned($$"""{"exp":{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}},"appid":"{{Id}}","oid":"{{Id}}"}"""),
        "service" => Token("service", () => Emulator.Handle(Emulator.Entra.TokenRequest()).AccessToken()),
        "refresh" => Token("refresh", RefreshToken),
        "code" => Authorize(),
        "device" => DeviceSignIn().GetProperty("device_code").GetString()!,
        "usercode" => DeviceSignIn().GetProperty("user_code").GetString()!,
        "now" => DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        { } scope when scope.StartsWith("https:", StringComparison.Ordinal) => Token(scope, () => Emulator.SignInUser(scope)),
        _ => match.Value,
    });

    private string Token(string name, Func<string> issue)
    {
        if (!_tokens.TryGetValue(name, out string? token))
        {
            token = issue();
            _tokens[name] = token;
        }

        return token;
    }

    private string RefreshToken() => Emulator.Handle(EntraRequest.Create("POST", Emulator.Entra.TokenPath(), EntraRequest.Form(
        [],
        ("grant_type", "password"),
        ("client_id", Id),
        ("username", "user@emulator.invalid"),
        ("password", "any"),
        ("scope", EntraRequest.Scope + " offline_access")))).Json().GetProperty("refresh_token").GetString()!;

    private JsonElement DeviceSignIn() => Emulator.Handle(EntraRequest.Create(
        "POST", $"/{Id}/oauth2/v2.0/devicecode", EntraRequest.Form([], ("client_id", Id), ("scope", EntraRequest.Scope)))).Json();

    /// <summary>Returns a code for the challenge of the verifier "verifier".</summary>
    private string Authorize()
    {
        string location = Emulator.Handle(EntraRequest.Create("GET", $"/{Id}/oauth2/v2.0/authorize?" + EntraRequest.Form(
            [],
            ("client_id", Id),
            ("response_type", "code"),
            ("scope", EntraRequest.Scope),
            ("redirect_uri", "http://localhost:1/"),
            ("code_challenge", "iMnq5o6zALKXGivsnlom_0F5_WYda32GHkxlV7mq7hQ")))).Headers["Location"];
        return location.Split("code=")[1].Split('&')[0];
    }

    [GeneratedRegex(@"\{(?<name>[a-z]+|https:[^}""]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
