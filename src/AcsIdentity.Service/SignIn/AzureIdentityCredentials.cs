using System;
using System.Linq;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.Transport;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace AcsIdentity.Service.SignIn;

/// <summary>Creates credentials of Azure.Identity. That assembly is loaded with the first credential.</summary>
internal sealed class AzureIdentityCredentials
{
    private const string UsGovernmentSuffix = ".communication.azure.us";

    /// <summary>The certificate of the managed identity endpoint of Service Fabric. No other host has this variable.</summary>
    private const string ServiceFabricVariable = "IDENTITY_SERVER_THUMBPRINT";

    /// <summary>Instance discovery knows these authorities only. It would fail for a private one.</summary>
    private static readonly Uri[] _knownAuthorities = [AzureAuthorityHosts.AzurePublicCloud, AzureAuthorityHosts.AzureGovernment, AzureAuthorityHosts.AzureChina];

    private readonly Uri _authority;
    private readonly bool _isPrivate;
    private readonly HttpPipelineTransport? _transport;

    private AzureIdentityCredentials(Uri authority, HttpPipelineTransport? transport)
    {
        _authority = authority;
        _isPrivate = !_knownAuthorities.Contains(authority);
        _transport = transport;
    }

    /// <param name="credential">Which credential to create.</param>
    /// <param name="endpoint">The resource; its cloud has the default authority.</param>
    /// <param name="authorityHost">The authority; null for the default.</param>
    /// <param name="transport">The transport for requests to the authority; null for Azure.Identity's own.</param>
    public static TokenCredential Create(ServiceCredential credential, Uri endpoint, Uri? authorityHost, HttpPipelineTransport? transport = null) =>
        new AzureIdentityCredentials(authorityHost ?? DefaultAuthority(endpoint), transport).Create(credential);

    private TokenCredential Create(ServiceCredential credential) => credential switch
    {
        ServiceCredential.ManagedIdentity managedIdentity => ManagedIdentity(managedIdentity),
        ServiceCredential.ClientSecret clientSecret => ClientSecret(clientSecret),
        ServiceCredential.ClientCertificate clientCertificate => ClientCertificate(clientCertificate),
        ServiceCredential.AccessToken token => DelegatedTokenCredential.Create((_, _) => ReadToken(token), (_, _) => new ValueTask<AccessToken>(ReadToken(token))),
        ServiceCredential.Interactive interactive => Interactive(interactive),
        ServiceCredential.DeviceCode deviceCode => DeviceCode(deviceCode),
        _ => DefaultAzure(),
    };

    private ManagedIdentityCredential ManagedIdentity(ServiceCredential.ManagedIdentity credential)
    {
        var options = new ManagedIdentityCredentialOptions(
            credential.ClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id.ToString()) : ManagedIdentityId.SystemAssigned);
        // With the default delay of 0.8 s, the five retries would exceed the time limit, and the message would not say why.
        options.Retry.Delay = TimeSpan.FromSeconds(0.1);
        ConfigureTransport(options);
        return new ManagedIdentityCredential(options);
    }

    private ClientSecretCredential ClientSecret(ServiceCredential.ClientSecret credential)
    {
        var options = new ClientSecretCredentialOptions { DisableInstanceDiscovery = _isPrivate };
        Configure(options);
        return new ClientSecretCredential(credential.TenantId, credential.ClientId, Secret.ToText(credential.Secret), options);
    }

    private ClientCertificateCredential ClientCertificate(ServiceCredential.ClientCertificate credential)
    {
        var options = new ClientCertificateCredentialOptions { DisableInstanceDiscovery = _isPrivate };
        Configure(options);
        return new ClientCertificateCredential(credential.TenantId, credential.ClientId, credential.Certificate, options);
    }

    private InteractiveBrowserCredential Interactive(ServiceCredential.Interactive credential)
    {
        var options = new InteractiveBrowserCredentialOptions { DisableInstanceDiscovery = _isPrivate, TenantId = credential.TenantId };
        options.ClientId = credential.ClientId?.ToString() ?? options.ClientId;
        Configure(options);
        return new InteractiveBrowserCredential(options);
    }

    private DeviceCodeCredential DeviceCode(ServiceCredential.DeviceCode credential)
    {
        var options = new DeviceCodeCredentialOptions
        {
            DisableInstanceDiscovery = _isPrivate,
            TenantId = credential.TenantId,
            DeviceCodeCallback = (code, _) =>
            {
                credential.Prompt(code.Message);
                return Task.CompletedTask;
            },
        };
        options.ClientId = credential.ClientId?.ToString() ?? options.ClientId;
        Configure(options);
        return new DeviceCodeCredential(options);
    }

    private DefaultAzureCredential DefaultAzure()
    {
        var options = new DefaultAzureCredentialOptions { DisableInstanceDiscovery = _isPrivate };
        Configure(options);
        return new DefaultAzureCredential(options);
    }

    private void Configure(TokenCredentialOptions options)
    {
        options.AuthorityHost = _authority;
        ConfigureTransport(options);
    }

    private void ConfigureTransport(TokenCredentialOptions options)
    {
        // With a transport that it is given, Azure.Identity does not check the certificate of Service Fabric, which is the cluster's own.
        if (options is not (ManagedIdentityCredentialOptions or DefaultAzureCredentialOptions) || Environment.GetEnvironmentVariable(ServiceFabricVariable) is null)
        {
            options.Transport = new AnswerLimitTransport(_transport ?? options.Transport);
        }
    }

    /// <summary>AZURE_AUTHORITY_HOST wins over the authority of the endpoint's cloud, as in all Azure libraries.</summary>
    private static Uri DefaultAuthority(Uri endpoint) =>
        Uri.TryCreate(Environment.GetEnvironmentVariable("AZURE_AUTHORITY_HOST"), UriKind.Absolute, out Uri? authority) ? authority
        : endpoint.Host.EndsWith(UsGovernmentSuffix, StringComparison.OrdinalIgnoreCase) ? AzureAuthorityHosts.AzureGovernment
        : AzureAuthorityHosts.AzurePublicCloud;

    private static AccessToken ReadToken(ServiceCredential.AccessToken token) =>
        token.ExpiresOn > DateTimeOffset.UtcNow
            ? new AccessToken(Secret.ToText(token.Token), token.ExpiresOn)
            : throw new SignInException(token, "It has expired.");
}
