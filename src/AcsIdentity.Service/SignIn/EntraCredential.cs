using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Core;
using Azure.Identity;

namespace AcsIdentity.Service.SignIn;

/// <summary>
/// Gets tokens for the client library from a credential of Azure.Identity, within a time limit. A failure names the
/// credential. Azure.Identity loads with this class.
/// </summary>
internal sealed class EntraCredential : TokenCredential
{
    private const string UsGovernmentSuffix = ".communication.azure.us";

    /// <summary>An unattended script must fail within 10 s, for example if the host has no managed identity.</summary>
    private static readonly TimeSpan _unattendedTimeout = TimeSpan.FromSeconds(8);

    /// <summary>DefaultAzureCredential tries several sources in turn. Some of them are programs that start slowly.</summary>
    private static readonly TimeSpan _defaultAzureTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan _interactiveTimeout = TimeSpan.FromMinutes(15);

    /// <summary>Instance discovery knows these authorities only. It would fail for a private one.</summary>
    private static readonly Uri[] _knownAuthorities = [AzureAuthorityHosts.AzurePublicCloud, AzureAuthorityHosts.AzureGovernment, AzureAuthorityHosts.AzureChina];

    private readonly ServiceCredential _credential;
    private readonly TokenCredential _tokenCredential;
    private readonly string? _audience;

    public EntraCredential(Uri endpoint, ServiceCredential credential, EntraSettings settings)
    {
        _credential = credential;
        _audience = settings.Audience;
        _tokenCredential = Create(credential, settings.AuthorityHost ?? AuthorityFor(endpoint));
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        TimeSpan timeout = _credential switch
        {
            ServiceCredential.Interactive or ServiceCredential.DeviceCode => _interactiveTimeout,
            ServiceCredential.DefaultAzure => _defaultAzureTimeout,
            _ => _unattendedTimeout,
        };
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        cancellation.CancelAfter(timeout);
        string[] scopes = _audience is null ? requestContext.Scopes : [_audience + "/.default"];
        try
        {
            return await _tokenCredential
                .GetTokenAsync(new TokenRequestContext(scopes, requestContext.ParentRequestId, requestContext.Claims, requestContext.TenantId), cancellation.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Also if the call timed out: after an OperationCanceledException the call would count as sent.
            throw new SignInException(
                _credential, cancellationToken.IsCancellationRequested ? "The call timed out before a response arrived." : $"No response arrived within {timeout.TotalSeconds:0} s.");
        }
        catch (AuthenticationFailedException failure)
        {
            // If the authority rejected the request, the innermost message is the authority's.
            throw new SignInException(_credential, failure is CredentialUnavailableException ? failure.Message : failure.GetBaseException().Message, failure);
        }
    }

    private static TokenCredential Create(ServiceCredential credential, Uri authority)
    {
        bool isPrivate = !_knownAuthorities.Contains(authority);
        return credential switch
        {
            ServiceCredential.ManagedIdentity { ClientId: var client } => ManagedIdentity(client),
            ServiceCredential.ClientSecret { TenantId: var tenant, ClientId: var client, Secret: var secret } => new ClientSecretCredential(
                tenant, client, Secret.ToText(secret), new ClientSecretCredentialOptions { AuthorityHost = authority, DisableInstanceDiscovery = isPrivate }),
            ServiceCredential.ClientCertificate { TenantId: var tenant, ClientId: var client, Certificate: var certificate } => new ClientCertificateCredential(
                tenant, client, certificate, new ClientCertificateCredentialOptions { AuthorityHost = authority, DisableInstanceDiscovery = isPrivate }),
            ServiceCredential.AccessToken token => DelegatedTokenCredential.Create((_, _) => ReadToken(token), (_, _) => new ValueTask<AccessToken>(ReadToken(token))),
            ServiceCredential.Interactive interactive => Interactive(interactive, authority, isPrivate),
            ServiceCredential.DeviceCode deviceCode => DeviceCode(deviceCode, authority, isPrivate),
            _ => new DefaultAzureCredential(new DefaultAzureCredentialOptions { AuthorityHost = authority, DisableInstanceDiscovery = isPrivate }),
        };
    }

    private static ManagedIdentityCredential ManagedIdentity(Guid? client)
    {
        var options = new ManagedIdentityCredentialOptions(
            client is { } id ? ManagedIdentityId.FromUserAssignedClientId(id.ToString()) : ManagedIdentityId.SystemAssigned);
        // With the default delay of 0.8 s, the five retries would exceed the time limit, and the message would not say why.
        options.Retry.Delay = TimeSpan.FromSeconds(0.1);
        return new ManagedIdentityCredential(options);
    }

    private static InteractiveBrowserCredential Interactive(ServiceCredential.Interactive credential, Uri authority, bool isPrivate)
    {
        var options = new InteractiveBrowserCredentialOptions { AuthorityHost = authority, DisableInstanceDiscovery = isPrivate, TenantId = credential.TenantId };
        options.ClientId = credential.ClientId?.ToString() ?? options.ClientId;
        return new InteractiveBrowserCredential(options);
    }

    private static DeviceCodeCredential DeviceCode(ServiceCredential.DeviceCode credential, Uri authority, bool isPrivate)
    {
        var options = new DeviceCodeCredentialOptions
        {
            AuthorityHost = authority,
            DisableInstanceDiscovery = isPrivate,
            TenantId = credential.TenantId,
            DeviceCodeCallback = (code, _) =>
            {
                credential.Prompt(code.Message);
                return Task.CompletedTask;
            },
        };
        options.ClientId = credential.ClientId?.ToString() ?? options.ClientId;
        return new DeviceCodeCredential(options);
    }

    /// <summary>AZURE_AUTHORITY_HOST wins over the authority of the endpoint's cloud, as in all Azure libraries.</summary>
    private static Uri AuthorityFor(Uri endpoint) =>
        Uri.TryCreate(Environment.GetEnvironmentVariable("AZURE_AUTHORITY_HOST"), UriKind.Absolute, out Uri? authority) ? authority
        : endpoint.Host.EndsWith(UsGovernmentSuffix, StringComparison.OrdinalIgnoreCase) ? AzureAuthorityHosts.AzureGovernment
        : AzureAuthorityHosts.AzurePublicCloud;

    private static AccessToken ReadToken(ServiceCredential.AccessToken token) =>
        token.ExpiresOn > DateTimeOffset.UtcNow
            ? new AccessToken(Secret.ToText(token.Token), token.ExpiresOn)
            : throw new SignInException(token, "It has expired.");
}
