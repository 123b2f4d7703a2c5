using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service;
using AcsIdentity.Service.Retries;
using AcsIdentity.Service.Transport;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>Calls whose credential gives no Entra ID token. Nothing is sent.</summary>
public sealed class SignInTests
{
    /// <summary>No server listens there. A call that is sent becomes a connection failure.</summary>
    private static readonly Uri _endpoint = new("https://localhost:1/");

    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);

    [Fact]
    public async Task Expired_token_is_a_sign_in_failure()
    {
        DateTimeOffset expiresOn = DateTimeOffset.UtcNow.AddSeconds(-1);
        var credential = new ServiceCredential.AccessToken(Secret.FromText("secret-token"), expiresOn);
        IIdentityService service = new IdentityServiceFactory().Create(_endpoint, credential);

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(
            () => service.CreateAsync([], null, TestService.Minute, CancellationToken.None));

        Assert.Equal((FailureKind.SignIn, null, null), (failure.Kind, failure.SentAt, failure.RequestId));
        Assert.Same(credential, failure.Credential);
        Assert.Equal("It has expired.", failure.Reason);
        Assert.DoesNotContain("secret-token", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_that_times_out_during_the_sign_in_was_never_sent()
    {
        using TcpListener silent = TestService.SilentServer();
        Task<CreatedIdentity> creating = SignedInBy(silent).CreateAsync([], null, TimeSpan.FromSeconds(1), CancellationToken.None);
        using TcpClient client = await silent.AcceptTcpClientAsync();

        _clock.Advance(TimeSpan.FromSeconds(1));

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => creating);
        Assert.Equal((FailureKind.SignIn, null), (failure.Kind, failure.SentAt));
        Assert.Equal("The call timed out before a response arrived.", failure.Reason);
    }

    [Fact]
    public async Task Create_that_is_cancelled_during_the_sign_in_was_never_sent()
    {
        using TcpListener silent = TestService.SilentServer();
        using var cancellation = new CancellationTokenSource();
        Task<CreatedIdentity> creating = SignedInBy(silent).CreateAsync([], null, TestService.Minute, cancellation.Token);
        using TcpClient client = await silent.AcceptTcpClientAsync();

        await cancellation.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
    }

    [Fact]
    public async Task Factory_passes_the_authority_on()
    {
        using TcpListener silent = TestService.SilentServer();
        using var cancellation = new CancellationTokenSource();
        Task deleting = new IdentityServiceFactory().Create(_endpoint, ClientSecret(), Authority(silent)).DeleteAsync(TestService.Id, TestService.Minute, cancellation.Token);
        using TcpClient client = await silent.AcceptTcpClientAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deleting);
    }

    private static ServiceCredential.ClientSecret ClientSecret() => new("contoso.com", Guid.NewGuid().ToString(), Secret.FromText("secret"));

    private static EntraSettings Authority(TcpListener server) => new() { AuthorityHost = new UriBuilder(TestService.AddressOf(server)) { Scheme = "https" }.Uri };

    private IIdentityService SignedInBy(TcpListener authority) => IdentityServiceFactory.Create(
        _endpoint,
        ClientSecret(),
        Authority(authority),
        null,
        new IdentityRetryPolicy(new NoDelay()),
        TimeSpan.FromSeconds(30),
        ServiceTransport.Shared,
        _clock);
}
