using System;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Tests.Support;
using Azure.Core;
using Azure.Identity;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>The time limit, the audience and the failures of a credential, with a source that the tests control.</summary>
public sealed class EntraCredentialTests
{
    private static readonly ServiceCredential _managedIdentity = new ServiceCredential.ManagedIdentity(null);
    private static readonly TokenRequestContext _request = new(["https://service//.default"], "parent", "claims", "tenant");

    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);

    public static TheoryData<string, double> TimeLimits() => new()
    {
        { nameof(ServiceCredential.ManagedIdentity), 8 },
        { nameof(ServiceCredential.ClientSecret), 8 },
        { nameof(ServiceCredential.AccessToken), 8 },
        { nameof(ServiceCredential.DefaultAzure), 60 },
        { nameof(ServiceCredential.Interactive), 900 },
        { nameof(ServiceCredential.DeviceCode), 900 },
    };

    [Theory]
    [MemberData(nameof(TimeLimits))]
    public async Task Sign_in_times_out_after_its_time_limit(string kind, double seconds)
    {
        ServiceCredential credential = Credential(kind);
        var source = new Source(Timeout.InfiniteTimeSpan);
        Task<AccessToken> signingIn = new EntraCredential(credential, source, null, _clock).GetTokenAsync(_request, CancellationToken.None).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(seconds - 0.1));
        Assert.False(source.Token.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        SignInException failure = await Assert.ThrowsAsync<SignInException>(() => signingIn);
        Assert.Equal($"No response arrived within {seconds} s.", failure.Message);
        Assert.Same(credential, failure.Credential);
    }

    [Fact]
    public async Task Cancelled_sign_in_is_a_sign_in_failure()
    {
        using var cancellation = new CancellationTokenSource();
        Task<AccessToken> signingIn = new EntraCredential(_managedIdentity, new Source(Timeout.InfiniteTimeSpan), null, _clock).GetTokenAsync(_request, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        SignInException failure = await Assert.ThrowsAsync<SignInException>(() => signingIn);
        Assert.Equal("The call timed out before a response arrived.", failure.Message);
        Assert.Empty(_clock.Timers);
    }

    [Theory]
    [InlineData(null, "https://service//.default")]
    [InlineData("https://audience", "https://audience/.default")]
    public async Task Audience_replaces_the_scope_of_the_client_library(string? audience, string scope)
    {
        var source = new Source(TimeSpan.Zero);

        AccessToken token = await new EntraCredential(_managedIdentity, source, audience, _clock).GetTokenAsync(_request, CancellationToken.None);

        Assert.Equal("token", token.Token);
        Assert.Equal([scope], source.Request.Scopes);
        Assert.Equal(("parent", "claims", "tenant"), (source.Request.ParentRequestId, source.Request.Claims, source.Request.TenantId));
    }

    [Fact]
    public async Task Rejection_has_the_message_of_the_authority()
    {
        var rejection = new AuthenticationFailedException("It failed.", new InvalidOperationException("It was rejected.", new FormatException("AADSTS7000215")));

        SignInException failure = await FailureOfAsync(rejection);

        Assert.Equal("AADSTS7000215", failure.Message);
        Assert.Same(rejection, failure.InnerException);
        Assert.Same(_managedIdentity, failure.Credential);
    }

    [Fact]
    public async Task Unavailable_credential_has_its_own_message()
    {
        SignInException failure = await FailureOfAsync(new CredentialUnavailableException("No managed identity.", new FormatException("A detail.")));

        Assert.Equal("No managed identity.", failure.Message);
    }

    [Fact]
    public async Task Default_credential_names_each_source_that_the_user_can_mend()
    {
        var sources = new AggregateException(
            new CredentialUnavailableException("EnvironmentCredential authentication unavailable. Environment variables are not fully configured. See the troubleshooting guide for more information. https://example"),
            new CredentialUnavailableException("AzureCliCredential authentication failed: Azure CLI not installed"),
            new CredentialUnavailableException("The BrokerCredential requires the Azure.Identity.Broker package to be referenced."));
        var source = new Source(new CredentialUnavailableException("DefaultAzureCredential failed.", sources));

        SignInException failure = await Assert.ThrowsAsync<SignInException>(
            () => new EntraCredential(new ServiceCredential.DefaultAzure(), source, null, _clock).GetTokenAsync(_request, CancellationToken.None).AsTask());

        Assert.Equal("EnvironmentCredential: Environment variables are not fully configured; AzureCliCredential: Azure CLI not installed.", failure.Message);
    }

    [Fact]
    public void Synchronous_calls_are_not_supported()
    {
        Assert.Throws<NotSupportedException>(() => new EntraCredential(_managedIdentity, new Source(TimeSpan.Zero), null, _clock).GetToken(_request, CancellationToken.None));
    }

    private Task<SignInException> FailureOfAsync(Exception failure) => Assert.ThrowsAsync<SignInException>(
        () => new EntraCredential(_managedIdentity, new Source(failure), null, _clock).GetTokenAsync(_request, CancellationToken.None).AsTask());

    private static ServiceCredential Credential(string kind) => kind switch
    {
        nameof(ServiceCredential.ManagedIdentity) => _managedIdentity,
        nameof(ServiceCredential.ClientSecret) => new ServiceCredential.ClientSecret("tenant", "client", Secret.FromText("secret")),
        nameof(ServiceCredential.AccessToken) => new ServiceCredential.AccessToken(Secret.FromText("token"), DateTimeOffset.MaxValue),
        nameof(ServiceCredential.Interactive) => new ServiceCredential.Interactive(null, null),
        nameof(ServiceCredential.DeviceCode) => new ServiceCredential.DeviceCode(null, null, _ => { }),
        _ => new ServiceCredential.DefaultAzure(),
    };

    /// <summary>A source of Azure.Identity: it returns a token, waits forever, or fails.</summary>
    private sealed class Source : TokenCredential
    {
        private readonly TimeSpan _delay;
        private readonly Exception? _failure;

        public Source(TimeSpan delay) => _delay = delay;

        public Source(Exception failure) => _failure = failure;

        public TokenRequestContext Request { get; private set; }

        public CancellationToken Token { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            (Request, Token) = (requestContext, cancellationToken);
            await Task.Delay(_delay, cancellationToken);
            return _failure is null ? new AccessToken("token", DateTimeOffset.MaxValue) : throw _failure;
        }
    }
}
