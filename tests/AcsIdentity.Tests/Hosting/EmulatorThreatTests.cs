using System;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Server;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>The lines of the emulator's threat model in docs/security.md, on each host over real sockets.</summary>
public sealed class EmulatorThreatTests
{
    private const string Service = "/identities?api-version=2023-10-01";

    private const string Json = "Content-Type: application/json\r\n";

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Another_machine_cannot_connect(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);

        // A connection to this machine's own address comes from that address, as one of another machine would. It does not leave the machine.
        foreach (IPAddress address in OwnAddresses())
        {
            Assert.True(await IsRefusedAsync(address, host.Endpoint.Port), $"The emulator answers at {address}.");
        }
    }

    /// <summary>With a port of its own choice, Kestrel listens on IPv4 only. A fixed port is bound twice.</summary>
    [Fact]
    public async Task Another_machine_cannot_connect_to_a_fixed_port()
    {
        await using EmulatorHost chosen = await EmulatorHost.StartAsync(HostKind.Kestrel);
        int port = chosen.Endpoint.Port;
        await chosen.DisposeAsync();
        await using EmulatorHost host = await EmulatorHost.StartAsync(HostKind.Kestrel, port);

        IPAddress[] listening = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(end => end.Port == port).Select(end => end.Address)];

        Assert.NotEmpty(listening);
        Assert.All(listening, address => Assert.True(IPAddress.IsLoopback(address), $"The emulator listens on {address}."));
    }

    /// <summary>Not stopped: the user asked for it.</summary>
    [Fact]
    public async Task Another_machine_controls_an_emulator_with_bind()
    {
        await using KestrelHost kestrel = await KestrelHost.StartAsync(new IdentityEmulator(), new ServerOptions { Address = IPAddress.Any });
        int port = kestrel.HttpEndpoint.Port;

        foreach (IPAddress address in OwnAddresses().Where(own => own.AddressFamily == AddressFamily.InterNetwork))
        {
            Assert.False(await IsRefusedAsync(address, port));
        }
    }

    [Theory]
    [InlineData(HostKind.InProcess, "/")]
    [InlineData(HostKind.InProcess, "/emulator/identities")]
    [InlineData(HostKind.InProcess, Service)]
    [InlineData(HostKind.InProcess, "/common/v2.0/.well-known/openid-configuration")]
    [InlineData(HostKind.Kestrel, "/")]
    [InlineData(HostKind.Kestrel, "/emulator/identities")]
    [InlineData(HostKind.Kestrel, Service)]
    [InlineData(HostKind.Kestrel, "/common/v2.0/.well-known/openid-configuration")]
    public async Task Web_page_cannot_read_answers(HostKind kind, string target)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        const string Origin = "Origin: https://evil.example\r\n";

        // A browser gives an answer to another site's script only if a header of the answer allows it.
        string answer = await RawClient.ExchangeAsync(host, "GET", target, Origin);
        // It asks before it sends JSON, another method or a header such as Authorization.
        string asked = await RawClient.ExchangeAsync(
            host, "OPTIONS", target, Origin + "Access-Control-Request-Method: DELETE\r\nAccess-Control-Request-Headers: authorization,content-type\r\n");

        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control-", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Access-Control-", asked, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Web_page_cannot_change_anything(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        string id = CreateIdentity(host.Emulator);
        string button = "/emulator/delete?id=" + Uri.EscapeDataString(id);

        foreach (string origin in new[] { "", "Origin: null\r\n", "Origin: https://evil.example\r\n", $"Origin: http://localhost:{host.Endpoint.Port + 1}\r\n" })
        {
            AssertStatus(403, await RawClient.ExchangeAsync(host, "POST", button, origin + "Content-Type: text/plain\r\n"));
        }

        // What a form or a script of another site can send without asking the emulator first.
        foreach (string type in new[] { "", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n", "Content-Type: multipart/form-data; boundary=x\r\n" })
        {
            AssertStatus(415, await RawClient.ExchangeAsync(host, "POST", "/emulator/reset", type, "{}"));
            AssertStatus(415, await RawClient.ExchangeAsync(host, "POST", "/emulator/faults", type, """{"kind":"drop","next":1}"""));
            AssertStatus(415, await RawClient.ExchangeAsync(host, "POST", "/emulator/clock", type, """{"advance":60}"""));
        }

        AssertStatus(401, await RawClient.ExchangeAsync(host, "POST", Service, "Content-Type: text/plain\r\n", "{}"));
        Assert.Equal((1, 0, TimeSpan.Zero), (host.Emulator.IdentityCount, host.Emulator.Faults.Faults.Count, host.Emulator.Clock.Offset));
        // The page itself can.
        AssertStatus(303, await RawClient.ExchangeAsync(host, "POST", button, $"Origin: {host.Endpoint.GetLeftPart(UriPartial.Authority)}\r\n"));
        Assert.Equal(0, host.Emulator.IdentityCount);
    }

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Web_page_cannot_show_the_page_in_a_frame(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);

        Assert.Contains("frame-ancestors 'none'", await RawClient.ExchangeAsync(host, "GET", "/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Web_page_cannot_have_a_sign_in_sent_to_itself(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        string query = $"?response_type=code&client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&scope=https%3A%2F%2Fcommunication.azure.com%2F.default&code_challenge=x&redirect_uri=";

        AssertStatus(400, await RawClient.ExchangeAsync(host, "GET", "/common/oauth2/v2.0/authorize" + query + "https%3A%2F%2Fevil.example%2F"));
        AssertStatus(302, await RawClient.ExchangeAsync(host, "GET", "/common/oauth2/v2.0/authorize" + query + "http%3A%2F%2Flocalhost%3A9%2F"));
    }

    /// <summary>Not stopped: the requests are refused, but logged. The log has the newest 1,000, and long texts are shortened.</summary>
    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Web_page_can_add_refused_requests_to_the_log(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);

        AssertStatus(401, await RawClient.ExchangeAsync(host, "GET", Service + "&" + new string('x', 4000)));

        string target = Assert.Single(host.Emulator.Requests).Target;
        Assert.StartsWith(Service, target, StringComparison.Ordinal);
        Assert.InRange(target.Length, 1000, 1100);
    }

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Rebound_name_is_refused(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        CreateIdentity(host.Emulator);
        string rebound = $"evil.example:{host.Endpoint.Port}";
        // HttpListener answers at its own name only.
        int refused = kind == HostKind.InProcess ? 404 : 403;

        foreach (string target in new[] { "/", "/emulator/identities", "/emulator/requests", "/.well-known/jwks.json" })
        {
            string answer = await RawClient.ExchangeAsync(host, "GET", target, hostHeader: rebound);
            AssertStatus(OperatingSystem.IsWindows() && kind == HostKind.InProcess ? 400 : refused, answer);
            Assert.DoesNotContain("8:acs:", answer, StringComparison.Ordinal);
        }

        await RawClient.ExchangeAsync(host, "POST", "/emulator/reset", Json + $"Origin: http://{rebound}\r\n", "{}", rebound);
        Assert.Equal(1, host.Emulator.IdentityCount);
    }

    /// <summary>The sign-in answers at every name, because containers have names of their own. Its token is of no use without HTTPS.</summary>
    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Token_that_a_rebound_name_signs_in_for_is_refused_over_http(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        string query = $"?api-version=2018-02-01&resource={Uri.EscapeDataString("https://communication.azure.com")}";
        string issued = await RawClient.ExchangeAsync(host, "GET", "/metadata/identity/oauth2/token" + query, "Metadata: true\r\n");
        string token = issued.Split("\"access_token\":\"")[1].Split('"')[0];

        AssertStatus(401, await RawClient.ExchangeAsync(host, "POST", Service, $"Authorization: Bearer {token}\r\n"));
        Assert.Equal(0, host.Emulator.IdentityCount);
    }

    /// <summary>Not stopped: a port has no owner that the system checks, and the control API has no credentials.</summary>
    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Another_user_of_the_host_controls_the_emulator(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        CreateIdentity(host.Emulator);

        Assert.Contains("8:acs:", await RawClient.ExchangeAsync(host, "GET", "/emulator/identities"), StringComparison.Ordinal);
        AssertStatus(204, await RawClient.ExchangeAsync(host, "POST", "/emulator/reset", Json, "{}"));
        Assert.Equal(0, host.Emulator.IdentityCount);
    }

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Another_user_of_the_host_does_not_get_the_access_key(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        CreateIdentity(host.Emulator);

        foreach (string target in new[] { "/", "/emulator/identities", "/emulator/requests", "/emulator/clock", "/emulator/faults", "/.well-known/jwks.json" })
        {
            string answer = await RawClient.ExchangeAsync(host, "GET", target);
            AssertStatus(200, answer);
            Assert.DoesNotContain(host.Emulator.AccessKey, answer, StringComparison.Ordinal);
            Assert.DoesNotContain(host.Emulator.Entra.ClientSecret, answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Long_head_is_refused(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);
        string many = string.Concat(Enumerable.Range(0, 200).Select(i => $"x-{i}: a\r\n"));
        string longTogether = string.Concat(Enumerable.Range(0, 4).Select(i => $"x-{i}: {new string('a', 7 * 1024)}\r\n"));
        string megabyte = $"x: {new string('a', 1024 * 1024)}\r\n";

        AssertRefused(await RawClient.ExchangeAsync(host, "GET", "/emulator/clock", many));
        AssertRefused(await RawClient.ExchangeAsync(host, "GET", "/emulator/clock", longTogether + $"y: {new string('a', 5 * 1024)}\r\n"));
        AssertRefused(await RawClient.ExchangeAsync(host, "GET", "/emulator/clock", megabyte));
        AssertRefused(await RawClient.ExchangeAsync(host, "GET", "/emulator/clock?" + new string('a', 9 * 1024)));
        AssertStatus(200, await RawClient.ExchangeAsync(host, "GET", "/emulator/clock?" + new string('a', 7 * 1024), $"x: {new string('a', 7 * 1024)}\r\n"));
        Assert.Equal(0, host.Emulator.RequestCount);

        // 431 by Kestrel and by our own check, 414 by Kestrel, 400 or a reset by HttpListener.
        static void AssertRefused(string answer) => Assert.Matches("^(HTTP/1.1 (431|414|400) |$)", answer);
    }

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Body_of_gigabytes_is_refused_without_reading_it(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind);

        AssertStatus(413, await SendAsync("Content-Length: 3221225472\r\n\r\n"));
        AssertStatus(413, await SendAsync("Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n"));
        // A chunk over 2 GiB is too large for either host: HttpListener answers 400, Kestrel is made to close the connection.
        Assert.Matches("^(HTTP/1.1 4|$)", await SendAsync("Transfer-Encoding: chunked\r\n\r\nc0000000\r\n"));

        async Task<string> SendAsync(string framing)
        {
            using RawClient client = await RawClient.ConnectAsync(host, $"POST {Service} HTTP/1.1\r\nHost: localhost\r\n{framing}{new string('a', 100_000)}");
            return await client.ReadToEndAsync();
        }
    }

    [Theory]
    [InlineData(HostKind.InProcess)]
    [InlineData(HostKind.Kestrel)]
    public async Task Too_many_clients_are_refused_until_others_leave(HostKind kind)
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind, options: new EmulatorOptions { MaxConnections = 3 });
        RawClient[] busy = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RawClient.ConnectAsync(host, $"POST {Service} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n")));
        try
        {
            // The host may not have seen all of them yet.
            await EventuallyAsync(async () => !(await TryAsync(host)).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal));
            string refused = await TryAsync(host);
            Assert.True(refused.Length == 0 || refused.StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal), refused);
        }
        finally
        {
            Array.ForEach(busy, client => client.Dispose());
        }

        await EventuallyAsync(async () => (await TryAsync(host)).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal));
    }

    private static async Task<string> TryAsync(EmulatorHost host)
    {
        try
        {
            return await RawClient.ExchangeAsync(host, "GET", "/emulator/clock");
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (int i = 0; !await condition(); i++)
        {
            Assert.True(i < 600, "The condition did not hold within a minute.");
            await Task.Delay(100);
        }
    }

    private static void AssertStatus(int status, string answer) => Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);

    private static string CreateIdentity(IdentityEmulator emulator)
    {
        EmulatorResponse created = emulator.Handle(SignedRequest.Create(emulator.AccessKey, "POST", Service));
        return Encoding.UTF8.GetString(created.Body).Split("\"id\":\"")[1].Split('"')[0];
    }

    /// <summary>The addresses of this machine other than loopback.</summary>
    private static IPAddress[] OwnAddresses() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus == OperationalStatus.Up)
            .SelectMany(card => card.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal),
    ];

    /// <summary>Whether there is no answer, or a refusal, at an address. The request names localhost, as that of an attacker would.</summary>
    private static async Task<bool> IsRefusedAsync(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await socket.ConnectAsync(address, port, timeout.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /emulator/clock HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"), timeout.Token);
            byte[] answer = new byte[64];
            int count = await socket.ReceiveAsync(answer, timeout.Token);
            return !Encoding.ASCII.GetString(answer, 0, count).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
