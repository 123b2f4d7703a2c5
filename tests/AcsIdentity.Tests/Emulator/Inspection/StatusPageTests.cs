using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Inspection;

/// <summary>The status page, and its protection against other web sites.</summary>
public sealed class StatusPageTests : IDisposable
{
    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);
    private readonly IdentityEmulator _emulator;

    public StatusPageTests() => _emulator = new IdentityEmulator(new EmulatorOptions { Clock = _clock });

    public void Dispose() => _emulator.Dispose();

    public static TheoryData<string> OwnHosts => ["localhost", "LOCALHOST:7080", "127.0.0.1:7080", "[::1]:7080", "192.0.2.7", Dns.GetHostName() + ":80"];

    [Fact]
    public void Page_shows_identities_tokens_requests_and_faults_but_no_token_text()
    {
        (string id, string token) = Create("""{"createTokenWithScopes":["chat","voip"]}""");
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Status, Status = 503, Every = 3 });

        string page = Page();

        Assert.Contains($"<code>{id}</code>", page, StringComparison.Ordinal);
        Assert.Contains("<td>1</td><td class=\"good\">valid</td><td>chat,voip</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"good\">201 </td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>Status 503</td><td>all</td><td>one call in 3</td><td>0</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(token, page, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[2], page, StringComparison.Ordinal);
        Assert.DoesNotContain(_emulator.AccessKey, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null, null, "the first call")]
    [InlineData(1200, null, null, "the first 1,200 calls")]
    [InlineData(null, 1, null, "every call")]
    [InlineData(null, 3, null, "one call in 3")]
    [InlineData(null, null, 0.25, "calls with probability 0.25")]
    public void Page_says_which_calls_a_fault_applies_to(int? next, int? every, double? probability, string text)
    {
        _emulator.Faults.Add(new Fault { Kind = FaultKind.Drop, Operation = ServiceOperation.Issue, Next = next, Every = every, Probability = probability });

        Assert.Contains($"<td>Drop </td><td>Issue</td><td>{text}</td><td>0</td>", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_shows_assignments_if_there_are_any()
    {
        const string Tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
        const string User = "11111111-28b9-4ae5-8f9c-1a1f3a1b2c01";
        const string Client = "d5e3ee9e-28b9-4ae5-8f9c-1a1f3a1b2c01";
        Assert.Contains("<section id=\"assignments\"></section>", Page(), StringComparison.Ordinal);
        Service("PUT", $"/access/teamsExtension/tenants/{Tenant}/assignments/{User}", $$"""{"principalType":"user","clientIds":["{{Client}}"]}""");

        string page = Page();

        Assert.Contains("<p class=\"quiet\">1 in total", page, StringComparison.Ordinal);
        Assert.All([("Object", User), ("Tenant", Tenant), ("Client", Client)], id => Assert.Contains(
            $"<th scope=\"row\">{id.Item1}</th><td><button type=\"button\" class=\"copy scripted\" aria-label=\"Copy {id.Item2}\">Copy</button> <code>{id.Item2}</code></td>",
            page,
            StringComparison.Ordinal));
        Assert.Contains("<td>teamsExtension</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>user</td>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("</code><script>alert(1)</script>")]
    [InlineData("\" autofocus onfocus='alert(1)'")]
    [InlineData("{0}&lt;b&gt;")]
    public void Values_from_clients_are_encoded_as_text(string hostile)
    {
        Create($$"""{"customId":{{JsonSerializer.Serialize(hostile)}}}""", hostile);

        string page = Page();

        Assert.DoesNotContain(hostile, page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split(WebUtility.HtmlEncode(hostile)).Length - 1);
    }

    [Theory]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("a\u202etxt.exe", "a\\u202etxt.exe")]
    [InlineData("\u2067a\u2069", "\\u2067a\\u2069")]
    public void Control_characters_and_marks_of_direction_are_visible(string hostile, string shown)
    {
        Create($$"""{"customId":{{JsonSerializer.Serialize(hostile)}}}""", hostile);

        string page = Page();

        Assert.DoesNotContain(hostile, page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split($">{shown}</code>").Length - 1);
    }

    [Fact]
    public void Page_shows_the_state_of_the_newest_five_tokens()
    {
        string id = Create("""{"createTokenWithScopes":["chat"],"expiresInMinutes":60}""").Id;
        _clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Equal(["expired"], States());

        Post("/emulator/revoke", id);
        Assert.Equal(["revoked"], States());

        for (int i = 0; i < 6; i++)
        {
            Service("POST", $"/identities/{Uri.EscapeDataString(id)}/:issueAccessToken", """{"scopes":["voip"]}""");
        }

        Assert.Equal(Enumerable.Repeat("valid", 5), States());
        Assert.Contains("<td>7</td>", Page(), StringComparison.Ordinal);
        Assert.Contains("and 2 older", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_shows_the_newest_hundred_identities_newest_first()
    {
        List<string> ids = [.. Enumerable.Range(0, 102).Select(_ => Create("{}").Id)];
        Post("/emulator/delete", ids[50]);
        ids.RemoveAt(50);

        string page = Page();

        int[] positions = [.. ids.Select(id => page.IndexOf($"<code>{id}</code>", StringComparison.Ordinal))];
        Assert.Equal(-1, positions[0]);
        Assert.All(positions.Skip(1).Zip(positions.Skip(2)), pair => Assert.True(pair.First > pair.Second && pair.Second > 0));
        Assert.Contains("101 in total", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Content_security_policy_allows_only_the_emulator_and_no_frame()
    {
        EmulatorResponse answer = Get("/");

        Assert.Equal("text/html; charset=utf-8", answer.Headers["Content-Type"]);
        string policy = answer.Headers["Content-Security-Policy"];
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("//", Page(), StringComparison.Ordinal);
        Assert.Equal("text/css; charset=utf-8", Get("/emulator/page.css").Headers["Content-Type"]);
        Assert.Equal("text/javascript; charset=utf-8", Get("/emulator/page.js").Headers["Content-Type"]);
    }

    [Fact]
    public void Page_requests_are_not_counted()
    {
        Page();
        Assert.Equal(0, _emulator.RequestCount);

        Assert.Equal(401, Get("/index.html").Status);
        Assert.Equal(1, _emulator.RequestCount);
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("https://")]
    public void Buttons_of_the_page_revoke_and_delete(string scheme)
    {
        (string id, string token) = Create("""{"createTokenWithScopes":["chat"]}""");
        string origin = scheme + SignedRequest.Host;

        EmulatorResponse revoked = Post("/emulator/revoke", id, origin);
        Assert.Equal((303, "/"), (revoked.Status, revoked.Headers["Location"]));
        Assert.True(_emulator.Introspect(token).IsRevoked);
        Assert.Equal(1, _emulator.IdentityCount);

        Assert.Equal(303, Post("/emulator/delete", id, origin).Status);
        Assert.Equal(0, _emulator.IdentityCount);
        // The same buttons on an outdated page.
        Assert.Equal(303, Post("/emulator/delete", id, origin).Status);
        Assert.Equal(303, Post("/emulator/revoke", id, origin).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://evil.example")]
    [InlineData("http://localhost:7080.evil.example")]
    public void Form_of_another_site_is_refused(string? origin)
    {
        (string id, string token) = Create("""{"createTokenWithScopes":["chat"]}""");

        Assert.Equal(403, Post("/emulator/revoke", id, origin).Status);
        Assert.Equal(403, Post("/emulator/delete", id, origin).Status);

        Assert.True(_emulator.Introspect(token).IsActive);
    }

    [Fact]
    public void Button_without_an_identity_is_refused()
    {
        Assert.Equal(400, Post("/emulator/delete", id: null).Status);
    }

    [Theory]
    [MemberData(nameof(OwnHosts))]
    public void Local_host_names_are_allowed(string host)
    {
        Assert.Equal(200, Get("/", host).Status);
    }

    [Theory]
    [InlineData("/", "evil.example")]
    [InlineData("/", "localhost.evil.example:7080")]
    [InlineData("/", "localhost@evil.example")]
    [InlineData("/", "127.0.0.1.evil.example")]
    [InlineData("/", "")]
    [InlineData("/", null)]
    [InlineData("/emulator/identities", "evil.example:7080")]
    [InlineData("/emulator/faults", "evil.example:7080")]
    [InlineData("/.well-known/jwks.json", "evil.example:7080")]
    public void Host_name_that_another_site_can_own_is_refused(string path, string? host)
    {
        Assert.Equal(403, Get(path, host).Status);
    }

    private string[] States() =>
        [.. Page().Split("<td class=\"").Select(cell => cell.Split('>', '<')[1]).Where(text => text is "valid" or "revoked" or "expired")];

    private (string Id, string Token) Create(string body, string userAgent = "test")
    {
        JsonElement answer = JsonDocument.Parse(Service("POST", "/identities", body, userAgent).Body).RootElement;
        return (
            answer.GetProperty("identity").GetProperty("id").GetString()!,
            answer.TryGetProperty("accessToken", out JsonElement token) ? token.GetProperty("token").GetString()! : "");
    }

    private EmulatorResponse Service(string method, string path, string body, string userAgent = "test") =>
        _emulator.Handle(SignedRequest.Create(_emulator.AccessKey, method, path + "?api-version=2025-03-02-preview", body, _clock.GetUtcNow())
            .With(("User-Agent", userAgent)));

    private string Page() => Encoding.UTF8.GetString(Get("/").Body);

    private EmulatorResponse Get(string path, string? host = SignedRequest.Host) => Handle("GET", path, ("Host", host));

    private EmulatorResponse Post(string path, string? id, string? origin = "http://" + SignedRequest.Host) =>
        Handle(
            "POST",
            path + (id is null ? "" : "?id=" + Uri.EscapeDataString(id)),
            ("Host", SignedRequest.Host),
            ("Origin", origin),
            ("Content-Type", "application/x-www-form-urlencoded"));

    private EmulatorResponse Handle(string method, string target, params (string Name, string? Value)[] headers) =>
        _emulator.Handle(new EmulatorRequest { Method = method, RawTarget = target, Headers = new Dictionary<string, string>() }.With(headers));
}
