using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>Random malformed requests over raw sockets, from fixed seeds. The host returns a 4xx or closes the connection, and never fails.</summary>
public sealed class MalformedRequestTests
{
    private const long Growth = 32 * 1024 * 1024;

    [Theory]
    [InlineData(HostKind.Kestrel, 100_000)]
    [InlineData(HostKind.InProcess, 20_000)]
    public async Task Malformed_requests_cause_no_server_error(HostKind kind, int count)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        // A warm-up, so that one-time allocations happen before the memory is measured.
        await SendAsync(host, first: 0, count: 2000);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        ConcurrentDictionary<int, int> statuses = await SendAsync(host, first: 2000, count - 2000);

        // Without enough requests of each sort the test would prove nothing.
        Assert.True(statuses.GetValueOrDefault(400) > count / 20, "Too few requests were malformed: " + Describe(statuses));
        Assert.True(statuses.GetValueOrDefault(401) > count / 20, "Too few requests were forged: " + Describe(statuses));
        Assert.True(statuses.GetValueOrDefault(0) < count / 2, "Too many requests got no response: " + Describe(statuses));
        host.Emulator.Reset();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, before + Growth);
        Assert.Equal(201, await SendAsync(host, new RequestMaker(host, seed: 0).Good(), isWhole: true));
    }

    private static async Task<ConcurrentDictionary<int, int>> SendAsync(EmulatorHost host, int first, int count)
    {
        var statuses = new ConcurrentDictionary<int, int>();
        await Parallel.ForEachAsync(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (seed, _) =>
        {
            (byte[] request, bool isWhole) = new RequestMaker(host, seed).Malformed();
            int status = await SendAsync(host, request, isWhole);
            // 505 is the correct status for an HTTP version that does not exist.
            Assert.True(status is < 500 or 505, $"{status} for {Encoding.Latin1.GetString(request)}");
            statuses.AddOrUpdate(status, 1, (_, so) => so + 1);
        });
        return statuses;
    }

    /// <returns>The status; 0 if the connection was closed without a response.</returns>
    private static async Task<int> SendAsync(EmulatorHost host, byte[] request, bool isWhole)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Closes with a reset, because 100,000 connections in TIME_WAIT would use up the ports.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, host.Endpoint.Port);
            await socket.SendAsync(request);
            if (!isWhole)
            {
                // Tells the host that no more data follows.
                socket.Shutdown(SocketShutdown.Send);
            }

            byte[] buffer = new byte[512];
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            int length = await socket.ReceiveAsync(buffer, timeout.Token);
            string head = Encoding.Latin1.GetString(buffer, 0, length);
            return head.StartsWith("HTTP/1.", StringComparison.Ordinal) ? int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static string Describe(ConcurrentDictionary<int, int> statuses) =>
        string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"));

    /// <summary>Creates one request, which depends only on the seed.</summary>
    private sealed class RequestMaker(EmulatorHost host, int seed)
    {
        private static readonly string[] _methods = ["POST", "DELETE", "GET", "PUT", "PATCH", "OPTIONS", "post", "\u00ff", ""];

        private static readonly string[] _paths =
        [
            "/identities", "/identities/8%3Aacs%3Ax_y", "/identities/x/:issueAccessToken", "/identities/%/:revokeAccessTokens", "/identities/%zz",
            "/identities/%00", "/identities/%ff%fe", "/identities/%c0%af", "/identities/%ed%a0%80", "/identities//", "//identities", "/teamsUser/:exchangeAccessToken",
            "/", "", "*", "http://elsewhere/identities", "/../identities", "/%2e%2e/%2e%2e", "/emulator/faults", "/emulator/introspect", "/emulator/reset", "/identities/",
            "/metadata/identity/oauth2/token", "/msi/token", "/common/oauth2/v2.0/token", "/%00/v2.0/.well-known/openid-configuration", "/devicelogin", "/common/oauth2/v2.0/devicecode",
            "/access/teamsExtension/:exchangeAccessToken", "/access/teamsExtension/tenants/%00/assignments/%ff", "/access/entra/assignments/x",
            "/access/teamsExtension/tenants/72f988bf-86f1-41af-91ab-2d7cd011db47/assignments/2dee53b4-368b-45b4-ab52-8493fb117652",
            "/common/oauth2/v2.0/authorize?response_type=code&client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&scope=https://a/.default&code_challenge=x&redirect_uri=http://localhost/%0d%0a%c3%a9",
        ];

        private static readonly string[] _queries =
        [
            "?api-version=2023-10-01", "?api-version=2025-03-02-preview", "?api-version=", "?api-version", "?", "??", "", "?api-version=%", "?api-version=%ff",
            "?api-version=2023-10-01&api-version=x", "?API-VERSION=2023-10-01", "?&&=&", "?api-version=2023-10-01#x",
        ];

        private static readonly string[] _bodies =
        [
            "", "{}", "{", "}", "[]", "null", "\"\"", "0", "{\"scopes\":", "{\"scopes\":[\"chat\"]}", "{\"scopes\":[null]}", "{\"scopes\":{}}",
            "{\"scopes\":[\"\\ud800\"]}", "{\"createTokenWithScopes\":[\"\\udfff\\ud800\"]}", "{\"expiresInMinutes\":1e400}", "{\"expiresInMinutes\":-0}",
            "{\"expiresInMinutes\":99999999999999999999}", "{\"expiresInMinutes\":\"60\"}", "{\"customId\":\"\\u0000\"}", "{\"customId\":\"\\ud83d\"}", "{\"token\":\"a.b.c\",\"appId\":{},\"userId\":[]}",
            "{\"token\":\"..\",\"appId\":\"2dee53b4-368b-45b4-ab52-8493fb117652\",\"userId\":\"2dee53b4-368b-45b4-ab52-8493fb117652\"}",
            "grant_type=client_credentials&client_id=%", "grant_type=%ff&&=&client_assertion=a.b.c", "{\"kind\":\"drop\",\"next\":-1}", "{\"kind\":7}", "{\"principalType\":\"\\ud800\"}", "{\"principalType\":\"user\",\"clientIds\":[\"\"]}", "\u00ff\u00fe", "{\"a\":\"\u00c0\u0080\"}", "{} {}", "{\"\\ud800\":1}",
        ];

        private readonly Random _random = new(seed);

        public byte[] Good() => Request("POST", "/identities?api-version=2023-10-01", "{}", "application/json", host.Emulator.AccessKey);

        /// <returns>The request, and whether it is sent without corruption.</returns>
        public (byte[] Request, bool IsWhole) Malformed()
        {
            string body = _random.Next(8) switch
            {
                0 => new string('[', _random.Next(1, 2000)),
                1 => new string('x', _random.Next(1, 70_000)),
                _ => Pick(_bodies),
            };
            string contentType = _random.Next(4) == 0 ? "text/plain" : "application/json";
            string key = _random.Next(4) == 0 ? "Zm9yZ2Vk" : host.Emulator.AccessKey;
            string path = _random.Next(20) == 0 ? $"/{host.Emulator.Entra.TenantId}/oauth2/v2.0/token" : Pick(_paths);
            byte[] request = Request(Pick(_methods), path + Pick(_queries), body, contentType, key);
            return _random.Next(2) == 0 ? (request, true) : (Corrupt(request), false);
        }

        private byte[] Request(string method, string target, string body, string contentType, string key)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(body);
            string authority = host.Endpoint.Authority;
            string date = DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture);
            string hash = Convert.ToBase64String(SHA256.HashData(bytes));
            string signature = SignedRequest.Signature(key, $"{method}\n{target}\n{date};{authority};{hash}");
            string head = $"{method} {target} HTTP/1.1\r\nHost: {authority}\r\nx-ms-date: {date}\r\nx-ms-content-sha256: {hash}\r\n"
                + $"Authorization: HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}\r\n"
                + $"Content-Type: {contentType}\r\nContent-Length: {bytes.Length}\r\n\r\n";
            return [.. Encoding.Latin1.GetBytes(head), .. bytes];
        }

        private byte[] Corrupt(byte[] request)
        {
            byte[] corrupted = [.. request];
            switch (_random.Next(4))
            {
                case 0:
                    return corrupted[.._random.Next(corrupted.Length)];
                case 1:
                    // A very long header.
                    byte[] longHeader = Encoding.Latin1.GetBytes("X-Long: " + new string('x', _random.Next(100_000)) + "\r\n");
                    int line = Array.IndexOf(corrupted, (byte)'\n') + 1;
                    return [.. corrupted[..line], .. longHeader, .. corrupted[line..]];
                default:
                    for (int i = _random.Next(1, 20); i > 0; i--)
                    {
                        corrupted[_random.Next(Math.Min(corrupted.Length, 600))] = (byte)_random.Next(256);
                    }

                    return corrupted;
            }
        }

        private string Pick(string[] choices) => choices[_random.Next(choices.Length)];
    }
}
