using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using Xunit;

namespace AcsIdentity.Tests.Emulator;

/// <summary>The in-process host: the rules over real HTTP, driven by the module's own service adapter.</summary>
public sealed class LoopbackHostTests : IDisposable
{
    private readonly LoopbackHost _host = LoopbackHost.Start(new IdentityEmulator());

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Adapter_and_emulator_understand_each_other()
    {
        IIdentityService service = Service();

        CreatedIdentity created = await service.CreateAsync(["chat"], TimeSpan.FromHours(2), CancellationToken.None);
        IssuedToken token = await service.IssueTokenAsync(created.Id, ["voip"], null, CancellationToken.None);
        Assert.True(_host.Emulator.Introspect(Secret.ToText(token.Token)).IsActive);
        Assert.InRange(created.Token!.ExpiresOn - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(110), TimeSpan.FromMinutes(120));

        await service.RevokeTokensAsync(created.Id, CancellationToken.None);
        Assert.True(_host.Emulator.Introspect(Secret.ToText(token.Token)).IsRevoked);
        Assert.True(_host.Emulator.Introspect(Secret.ToText(created.Token.Token)).IsRevoked);

        await service.DeleteAsync(created.Id, CancellationToken.None);
        Assert.Equal(0, _host.Emulator.IdentityCount);
        AcsServiceException gone = await Assert.ThrowsAsync<AcsServiceException>(() => service.DeleteAsync(created.Id, CancellationToken.None));
        Assert.Equal(FailureKind.IdentityNotFound, gone.Kind);
    }

    [Fact]
    public async Task Wrong_key_is_an_authentication_failure()
    {
        IIdentityService service = new IdentityServiceFactory().Create(_host.Endpoint, Secret.FromText("d3Jvbmc="));

        AcsServiceException denied = await Assert.ThrowsAsync<AcsServiceException>(() => service.CreateAsync([], null, CancellationToken.None));

        Assert.Equal((FailureKind.Authentication, "Denied"), (denied.Kind, denied.ServiceCode));
        Assert.Contains(_host.Endpoint.ToString(), denied.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_clients_at_once_each_get_their_own()
    {
        IIdentityService service = Service();

        CreatedIdentity[] created = await Task.WhenAll(
            Array.ConvertAll(new int[200], _ => service.CreateAsync(["voip"], null, CancellationToken.None)));

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
        _host.Dispose();

        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(_host.Endpoint));
        using var again = LoopbackHost.Start(new IdentityEmulator(), port);
        Assert.Equal(port, again.Endpoint.Port);
    }

    [Fact]
    public void Taken_port_is_refused()
    {
        Assert.Throws<HttpListenerException>(() => LoopbackHost.Start(new IdentityEmulator(), _host.Endpoint.Port));
    }

    [Fact]
    public async Task Client_that_hangs_up_does_no_harm()
    {
        for (int i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(_host.Endpoint.Host, _host.Endpoint.Port);
            await client.GetStream().WriteAsync("POST /identities?api-version=2023-10-01 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{"u8.ToArray());
        }

        Assert.NotNull(await Service().CreateAsync([], null, CancellationToken.None));
    }

    [Theory]
    [InlineData(FaultKind.Drop, 0)]
    [InlineData(FaultKind.LoseAnswer, 1)]
    [InlineData(FaultKind.CutAnswer, 1)]
    public async Task Connection_faults_are_seen_as_lost_connections(FaultKind kind, int identities)
    {
        _host.Emulator.Faults.Add(new Fault { Kind = kind, Next = 1 });

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => Service().CreateAsync(["chat"], null, CancellationToken.None));

        Assert.True(failure.Kind == FailureKind.Connection, failure.ToString());
        Assert.Equal(identities, _host.Emulator.IdentityCount);
        Assert.Equal(1, _host.Emulator.RequestCount);
    }

    [Theory]
    [InlineData(FaultKind.TruncatedBody)]
    [InlineData(FaultKind.MalformedBody)]
    public async Task Body_faults_are_seen_as_broken_answers(FaultKind kind)
    {
        _host.Emulator.Faults.Add(new Fault { Kind = kind, Next = 1 });

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => Service().CreateAsync(["chat"], null, CancellationToken.None));

        Assert.Equal(FailureKind.Service, failure.Kind);
    }

    [Fact]
    public async Task Late_answer_is_waited_for_and_does_not_hold_up_the_end()
    {
        _host.Emulator.Faults.Add(new Fault { Kind = FaultKind.Late, Delay = TimeSpan.FromMilliseconds(50), Next = 1 });
        Assert.NotNull(await Service().CreateAsync([], null, CancellationToken.None));

        _host.Emulator.Faults.Add(new Fault { Kind = FaultKind.Late, Delay = TimeSpan.FromHours(1), Next = 1 });
        Task<CreatedIdentity> waiting = Service().CreateAsync([], null, CancellationToken.None);
        while (_host.Emulator.RequestCount < 2)
        {
            await Task.Delay(10);
        }

        _host.Dispose();
        await Assert.ThrowsAsync<AcsServiceException>(() => waiting);
    }

    private IIdentityService Service() => new IdentityServiceFactory().Create(_host.Endpoint, Secret.FromText(_host.Emulator.AccessKey));
}
