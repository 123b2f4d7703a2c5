using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>Calls whose credential gives no Entra ID token. Nothing is sent.</summary>
public sealed class SignInTests
{
    /// <summary>No server listens there. A call that is sent becomes a connection failure.</summary>
    private static readonly Uri _endpoint = new("https://localhost:1/");

    [Fact]
    public async Task Expired_token_is_a_sign_in_failure()
    {
        DateTimeOffset expiresOn = DateTimeOffset.UtcNow.AddSeconds(-1);
        IIdentityService service = Service(new ServiceCredential.AccessToken(Secret.FromText("secret-token"), expiresOn));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => service.CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.SignIn, null, null), (failure.Kind, failure.SentAt, failure.RequestId));
        Assert.Contains("It has expired.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_that_times_out_during_the_sign_in_was_never_sent()
    {
        using TcpListener silent = TestService.SilentServer();

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => SignedInBy(silent).CreateAsync([], null, TimeSpan.FromSeconds(1), CancellationToken.None));

        Assert.Equal((FailureKind.SignIn, null), (failure.Kind, failure.SentAt));
    }

    [Fact]
    public async Task Create_that_is_cancelled_during_the_sign_in_was_never_sent()
    {
        using TcpListener silent = TestService.SilentServer();
        using var cancellation = new CancellationTokenSource();
        Task<CreatedIdentity> creating = SignedInBy(silent).CreateAsync([], null, TestService.Minute, cancellation.Token);
        using TcpClient client = await silent.AcceptTcpClientAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
    }

    private static IIdentityService SignedInBy(TcpListener authority) => Service(
        new ServiceCredential.ClientSecret("contoso.com", Guid.NewGuid().ToString(), Secret.FromText("secret")),
        new EntraSettings { AuthorityHost = new Uri($"https://127.0.0.1:{((IPEndPoint)authority.LocalEndpoint).Port}/") });

    private static IIdentityService Service(ServiceCredential credential, EntraSettings? entra = null) =>
        new IdentityServiceFactory().Create(_endpoint, credential, entra);
}
