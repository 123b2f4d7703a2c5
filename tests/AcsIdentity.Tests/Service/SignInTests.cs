using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>What becomes of a call for which no token of Entra ID can be had: nothing was sent.</summary>
public sealed class SignInTests
{
    /// <summary>Nobody is there. A call that got as far would be a connection failure.</summary>
    private static readonly Uri _endpoint = new("https://localhost:1/");

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Token_that_has_expired_since_is_a_sign_in_failure()
    {
        DateTimeOffset expiresOn = DateTimeOffset.UtcNow.AddSeconds(-1);
        IIdentityService service = Service(new ServiceCredential.AccessToken(Secret.FromText("secret-token"), expiresOn));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => service.CreateAsync([], null, _patience, CancellationToken.None));

        Assert.Equal((FailureKind.SignIn, null, null), (failure.Kind, failure.SentAt, failure.RequestId));
        Assert.Contains("It has expired.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_whose_time_is_up_while_it_signs_in_was_never_sent()
    {
        using TcpListener silent = Listen();

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => SignedInBy(silent).CreateAsync([], null, TimeSpan.FromSeconds(1), CancellationToken.None));

        Assert.Equal((FailureKind.SignIn, null), (failure.Kind, failure.SentAt));
    }

    [Fact]
    public async Task Create_that_is_stopped_while_it_signs_in_was_never_sent()
    {
        using TcpListener silent = Listen();
        using var stop = new CancellationTokenSource();
        Task<CreatedIdentity> creating = SignedInBy(silent).CreateAsync([], null, _patience, stop.Token);
        using TcpClient client = await silent.AcceptTcpClientAsync();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static IIdentityService SignedInBy(TcpListener authority) => Service(
        new ServiceCredential.ClientSecret("contoso.com", Guid.NewGuid().ToString(), Secret.FromText("secret")),
        new EntraSettings { AuthorityHost = new Uri($"https://127.0.0.1:{((IPEndPoint)authority.LocalEndpoint).Port}/") });

    private static IIdentityService Service(ServiceCredential credential, EntraSettings? entra = null) =>
        new IdentityServiceFactory().Create(_endpoint, credential, entra);
}
