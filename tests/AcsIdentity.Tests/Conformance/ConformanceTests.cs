using System;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Conformance;

/// <summary>The emulator answers as the facts say, on both of its hosts.</summary>
public sealed class ConformanceTests
{
    private const string Application = "d5e3ee9e-28b9-4ae5-8f9c-1a1f3a1b2c01";
    private const string User = "0b6c3f0e-4ef4-4f63-95c5-6c7d8e9fa002";
    private const string OtherKey = "b3RoZXIga2V5";

    private static readonly HttpClient _http = new();

    public static TheoryData<HostKind, string, Evidence> Facts()
    {
        var rows = new TheoryData<HostKind, string, Evidence>();
        foreach ((string name, ServiceFact fact) in ServiceFacts.All)
        {
            rows.Add(HostKind.InProcess, name, fact.Evidence);
            rows.Add(HostKind.Kestrel, name, fact.Evidence);
        }

        return rows;
    }

    /// <param name="kind">The host.</param>
    /// <param name="name">The fact.</param>
    /// <param name="evidence">How the fact is known: it stands in the name of the test.</param>
    [Theory]
    [MemberData(nameof(Facts))]
    public async Task Answer_is_that_of_the_service(HostKind kind, string name, Evidence evidence)
    {
        ServiceFact fact = ServiceFacts.All[name];
        Assert.Equal(fact.Evidence, evidence);
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);

        using HttpResponseMessage response = await SendAsync(host, fact);

        Assert.Equal(fact.Status, (int)response.StatusCode);
        AssertHeaders(fact, response);
        string body = await response.Content.ReadAsStringAsync();
        if (fact.Code is not null)
        {
            Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
            AssertError(fact, host, JsonDocument.Parse(body).RootElement.GetProperty("error"));
        }
        else if (fact.Answer is null)
        {
            Assert.Equal("", body);
        }
        else
        {
            Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            Assert.Matches(fact.Answer, body);
        }
    }

    private static void AssertError(ServiceFact fact, EmulatorHost host, JsonElement error)
    {
        Assert.Equal(fact.Code, error.GetProperty("code").GetString());
        Assert.Equal(fact.Message!.Replace("{endpoint}", host.Endpoint.AbsoluteUri, StringComparison.Ordinal), error.GetProperty("message").GetString());
        Assert.Equal(fact.Target, error.TryGetProperty("target", out JsonElement target) ? target.GetString() : null);
    }

    /// <summary>Every recorded answer has these headers.</summary>
    private static void AssertHeaders(ServiceFact fact, HttpResponseMessage response)
    {
        string? Header(string name) =>
            response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) || response.Content.Headers.NonValidated.TryGetValues(name, out values)
                ? values.ToString()
                : null;

        Assert.Equal(fact.SupportedVersions, Header("api-supported-versions"));
        Assert.Equal("max-age=31536000;includeSubDomains", Header("Strict-Transport-Security"));
        Assert.Equal("appId=", Header("Request-Context"));
        Assert.Equal("my-request", Header("x-ms-client-request-id"));
        Assert.Matches("^[0-9]+ms$", Header("X-Processing-Time"));
        Assert.EndsWith(".0", Header("MS-CV"), StringComparison.Ordinal);
        Assert.All(fact.Headers, header => Assert.Equal(header.Value, Header(header.Key)));
    }

    private static string TeamsToken(TimeSpan lifetime) =>
        Jwt.Unsigned($$"""{"exp":{{(DateTimeOffset.UtcNow + lifetime).ToUnixTimeSeconds()}},"appid":"{{Application}}","oid":"{{User}}"}""");

    private static async Task<HttpResponseMessage> SendAsync(EmulatorHost host, ServiceFact fact)
    {
        string id = await CreateAsync(host);
        string Fill(string text) => new[]
        {
            ("{id}", Uri.EscapeDataString(id)),
            ("{foreign}", Uri.EscapeDataString($"8:acs:{Guid.NewGuid()}_{Guid.NewGuid()}")),
            ("{token}", TeamsToken(TimeSpan.FromHours(1))),
            ("{expired}", TeamsToken(TimeSpan.FromHours(-1))),
            ("{app}", Application),
            ("{user}", User),
        }.Aggregate(text, (filled, value) => filled.Replace(value.Item1, value.Item2, StringComparison.Ordinal));

        string target = Fill(fact.Path) + (fact.Version.Length == 0 ? "" : "?api-version=" + fact.Version);
        return await SendAsync(host, fact.Method, target, Fill(fact.Body), fact.Mistake);
    }

    private static async Task<string> CreateAsync(EmulatorHost host)
    {
        using HttpResponseMessage created = await SendAsync(host, "POST", "/identities?api-version=2023-10-01", "", SignatureMistake.None);
        return JsonDocument.Parse(await created.Content.ReadAsStringAsync()).RootElement.GetProperty("identity").GetProperty("id").GetString()!;
    }

    private static async Task<HttpResponseMessage> SendAsync(EmulatorHost host, string method, string target, string body, SignatureMistake mistake)
    {
        string key = mistake == SignatureMistake.WrongKey ? OtherKey : host.Emulator.AccessKey;
        DateTimeOffset time = DateTimeOffset.UtcNow - (mistake == SignatureMistake.OldDate ? TimeSpan.FromMinutes(6) : TimeSpan.Zero);
        string date = time.ToString("r", CultureInfo.InvariantCulture);
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        string signature = SignedRequest.Signature(key, $"{method}\n{target}\n{date};{host.Endpoint.Authority};{hash}");

        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(host.Endpoint, target));
        request.Headers.Add("x-ms-date", date);
        request.Headers.Add("x-ms-content-sha256", hash);
        request.Headers.Add("x-ms-client-request-id", "my-request");
        request.Headers.TryAddWithoutValidation("Authorization", "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=" + signature);
        string sent = mistake == SignatureMistake.OtherBody ? body + " " : body;
        request.Content = sent.Length == 0 ? null : new StringContent(sent, Encoding.UTF8, "application/json");
        return await _http.SendAsync(request);
    }
}
