using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Hosting;
using AcsIdentity.Emulator.Server;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>Tests that every host of the emulator passes, over real HTTP with the module's service adapter.</summary>
public abstract class HostTests(HostKind kind) : IAsyncLifetime
{
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(1);

    private EmulatorHost _host = null!;

    public async Task InitializeAsync() => _host = await EmulatorHost.StartAsync(kind);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Adapter_performs_every_operation_on_the_emulator()
    {
        IIdentityService service = Service();

        CreatedIdentity created = await service.CreateAsync(["chat"], TimeSpan.FromHours(2), _timeout, CancellationToken.None);
        IssuedToken token = await service.IssueTokenAsync(created.Id, ["voip"], null, _timeout, CancellationToken.None);
        Assert.True(_host.Emulator.Introspect(Secret.ToText(token.Token)).IsActive);
        Assert.InRange(created.Token!.ExpiresOn - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(110), TimeSpan.FromMinutes(120));

        await service.RevokeTokensAsync(created.Id, _timeout, CancellationToken.None);
        Assert.True(_host.Emulator.Introspect(Secret.ToText(token.Token)).IsRevoked);
        Assert.True(_host.Emulator.Introspect(Secret.ToText(created.Token.Token)).IsRevoked);

        await service.DeleteAsync(created.Id, _timeout, CancellationToken.None);
        Assert.Equal(0, _host.Emulator.IdentityCount);
        AcsServiceException gone = await Assert.ThrowsAsync<AcsServiceException>(() => service.DeleteAsync(created.Id, _timeout, CancellationToken.None));
        Assert.Equal(FailureKind.IdentityNotFound, gone.Kind);
    }

    [Fact]
    public async Task Wrong_key_is_an_authentication_failure()
    {
        IIdentityService service = new IdentityServiceFactory().Create(_host.Endpoint, new ServiceCredential.AccessKey(Secret.FromText("d3Jvbmc=")));

        AcsServiceException denied = await Assert.ThrowsAsync<AcsServiceException>(() => service.CreateAsync([], null, _timeout, CancellationToken.None));

        Assert.Equal((FailureKind.Authentication, "Denied"), (denied.Kind, denied.ServiceCode));
        Assert.Contains(_host.Endpoint.ToString(), denied.Message, StringComparison.Ordinal);
    }

    /// <summary>The first request waits in the emulator until the second one is there too.</summary>
    [SkippableFact]
    public async Task Requests_are_handled_at_the_same_time()
    {
        Skip.If(Environment.ProcessorCount == 1, "one core handles one request at a time");
        using var clock = new MeetingClock();
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind, options: new EmulatorOptions { Clock = clock });
        using var client = new HttpClient();
        clock.IsMeetingPoint = true;

        HttpResponseMessage[] responses = await Task.WhenAll(Array.ConvertAll(new int[2], _ => client.GetAsync(new Uri(host.Endpoint, "identities"))));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode));
        Assert.True(clock.HaveMet);
    }

    [Fact]
    public async Task Concurrent_creates_return_different_identities()
    {
        IIdentityService service = Service();

        CreatedIdentity[] created = await Task.WhenAll(
            Array.ConvertAll(new int[200], _ => service.CreateAsync(["voip"], null, _timeout, CancellationToken.None)));

        Assert.Equal(200, new System.Collections.Generic.HashSet<string>(Array.ConvertAll(created, identity => identity.Id)).Count);
        Assert.Equal(200, _host.Emulator.IdentityCount);
        Assert.All(created, identity => Assert.True(_host.Emulator.Introspect(Secret.ToText(identity.Token!.Token)).IsActive));
    }

    [Fact]
    public async Task Unsigned_request_is_refused_over_http()
    {
        using var client = new HttpClient();

        using HttpResponseMessage response = await client.PostAsync(new Uri(_host.Endpoint, "identities?api-version=2023-10-01"), null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(new MediaTypeHeaderValue("application/json"), response.Content.Headers.ContentType);
    }

    [Fact]
    public async Task Stopped_host_refuses_connections_and_frees_its_port()
    {
        int port = _host.Endpoint.Port;
        await _host.DisposeAsync();

        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(_host.Endpoint));
        await using EmulatorHost again = await EmulatorHost.StartAsync(kind, port);
        Assert.Equal(port, again.Endpoint.Port);
    }

    [Fact]
    public async Task Port_in_use_is_refused()
    {
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => EmulatorHost.StartAsync(kind, _host.Endpoint.Port));

        Assert.True(refused is HttpListenerException or IOException, refused.ToString());
    }

    [Fact]
    public async Task Body_over_64_kibibytes_is_refused()
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent(new byte[(64 * 1024) + 1]);

        using HttpResponseMessage response = await client.PostAsync(new Uri(_host.Endpoint, "identities?api-version=2023-10-01"), content);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("PayloadTooLarge", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_body_times_out()
    {
        await using EmulatorHost host = await EmulatorHost.StartAsync(kind, options: new EmulatorOptions { BodyTimeout = TimeSpan.FromMilliseconds(100) });
        using RawClient client = await RawClient.ConnectAsync(host, "POST /identities?api-version=2023-10-01 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{");

        string answer = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"RequestTimeout\"", answer, StringComparison.Ordinal);
        Assert.Equal(0, host.Emulator.IdentityCount);
    }

    [Fact]
    public async Task Disconnected_client_does_not_affect_others()
    {
        for (int i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(_host.Endpoint.Host, _host.Endpoint.Port);
            await client.GetStream().WriteAsync("POST /identities?api-version=2023-10-01 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{"u8.ToArray());
        }

        Assert.NotNull(await Service().CreateAsync([], null, _timeout, CancellationToken.None));
    }

    [Theory]
    [InlineData(FaultKind.Drop, 0)]
    [InlineData(FaultKind.LoseAnswer, 1)]
    [InlineData(FaultKind.CutAnswer, 1)]
    public async Task Connection_fault_makes_the_outcome_of_a_create_unknown(FaultKind kind, int identities)
    {
        _host.Emulator.Faults.Add(new Fault { Kind = kind, Next = 1 });

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => Service().CreateAsync(["chat"], null, _timeout, CancellationToken.None));

        Assert.True(failure.Kind == FailureKind.OutcomeUnknown, failure.ToString());
        Assert.Equal(identities, _host.Emulator.IdentityCount);
        Assert.Equal(1, _host.Emulator.RequestCount);
    }

    [Theory]
    [InlineData(FaultKind.TruncatedBody)]
    [InlineData(FaultKind.MalformedBody)]
    public async Task Body_fault_that_costs_the_id_makes_the_outcome_of_a_create_unknown(FaultKind kind)
    {
        _host.Emulator.Faults.Add(new Fault { Kind = kind, Next = 1 });

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => Service().CreateAsync([], null, _timeout, CancellationToken.None));

        Assert.Equal(FailureKind.OutcomeUnknown, failure.Kind);
    }

    /// <summary>The id comes before the token, which is most of the body.</summary>
    [Fact]
    public async Task Truncated_body_costs_the_token_and_not_the_id()
    {
        _host.Emulator.Faults.Add(new Fault { Kind = FaultKind.TruncatedBody, Next = 1 });

        CreatedIdentity created = await Service().CreateAsync(["chat"], null, _timeout, CancellationToken.None);

        Assert.Null(created.Token);
        await Service().DeleteAsync(created.Id, _timeout, CancellationToken.None);
    }

    [Fact]
    public async Task Late_response_arrives_and_does_not_delay_the_stop()
    {
        _host.Emulator.Faults.Add(new Fault { Kind = FaultKind.Late, Delay = TimeSpan.FromMilliseconds(50), Next = 1 });
        Assert.NotNull(await Service().CreateAsync([], null, _timeout, CancellationToken.None));

        _host.Emulator.Faults.Add(new Fault { Kind = FaultKind.Late, Delay = TimeSpan.FromHours(1), Next = 1 });
        Task<CreatedIdentity> waiting = Service().CreateAsync([], null, _timeout, CancellationToken.None);
        while (_host.Emulator.RequestCount < 2)
        {
            await Task.Delay(10);
        }

        await _host.DisposeAsync();
        await Assert.ThrowsAsync<AcsServiceException>(() => waiting);
    }

    private IIdentityService Service() => new IdentityServiceFactory().Create(_host.Endpoint, new ServiceCredential.AccessKey(Secret.FromText(_host.Emulator.AccessKey)));

    /// <summary>A clock that each request reads once. There the first request waits for the second one.</summary>
    private sealed class MeetingClock : TimeProvider, IDisposable
    {
        private readonly Barrier _requests = new(2);

        public bool IsMeetingPoint { get; set; }

        public bool HaveMet { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            if (IsMeetingPoint)
            {
                HaveMet = _requests.SignalAndWait(TimeSpan.FromSeconds(30));
            }

            return base.GetUtcNow();
        }

        public void Dispose() => _requests.Dispose();
    }
}

public sealed class InProcessHostTests() : HostTests(HostKind.InProcess)
{
    /// <summary>Outside Windows, HttpListener closes an idle connection after 15 s. A client must stop using it earlier.</summary>
    [Fact]
    public async Task Clients_are_told_how_long_an_idle_connection_lives()
    {
        using var host = LoopbackHost.Start(new IdentityEmulator());
        using var client = new HttpClient();

        using HttpResponseMessage response = await client.GetAsync(new Uri(host.Endpoint, "emulator/requests"));

        Assert.Equal(OperatingSystem.IsWindows() ? [] : ["timeout=10"], response.Headers.TryGetValues("Keep-Alive", out IEnumerable<string>? values) ? values : []);
    }
}

public sealed class KestrelHostTests() : HostTests(HostKind.Kestrel)
{
    [Theory]
    [InlineData("http://127.0.0.1:7080/", "http://localhost:7080/")]
    [InlineData("http://0.0.0.0:7080/", "http://localhost:7080/")]
    [InlineData("https://[::]:7443/", "https://localhost:7443/")]
    [InlineData("http://192.0.2.1:7080/", "http://192.0.2.1:7080/")]
    public void Endpoint_is_an_address_for_clients(string listened, string shown) =>
        Assert.Equal(shown, KestrelHost.ToClientAddress(new Uri(listened)).ToString());
}
