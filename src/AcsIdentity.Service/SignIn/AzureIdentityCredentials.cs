using System;
using System.Linq;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace AcsIdentity.Service.SignIn;

/// <summary>Creates credentials of Azure.Identity. That assembly is loaded at the first use.</summary>
internal static class AzureIdentityCredentials
{
    private const string UsGovernmentSuffix = ".communication.azure.us";

    /// <summary>Instance discovery knows these authorities only. It would fail for a private one.</summary>
    private static readonly Uri[] _knownAuthorities = [AzureAuthorityHosts.AzurePublicCloud, AzureAuthorityHosts.AzureGovernment, AzureAuthorityHosts.AzureChina];

    /// <param name="credential">Which credential to create.</param>
    /// <param name="endpoint">The resource; its cloud has the default authority.</param>
    /// <param name="authorityHost">The authority; null for the default.</param>
    /// <param name="transport">The transport for requests to the authority; null for Azure.Identity's own.</param>
    public static TokenCredential Create(ServiceCredential credential, Uri endpoint, Uri? authorityHost, HttpPipelineTransport? transport = null)
    {
        Uri authority = authorityHost ?? DefaultAuthority(endpoint);
        bool isPrivate = !_knownAuthorities.Contains(authority);
        return credential switch
        {
            ServiceCredential.ManagedIdentity { ClientId: var client } => ManagedIdentity(client, transport),
            ServiceCredential.ClientSecret { TenantId: var tenant, ClientId: var client, Secret: var secret } => new ClientSecretCredential(
                tenant, client, Secret.ToText(secret), With(authority, transport, new ClientSecretCredentialOptions { DisableInstanceDiscovery = isPrivate })),
            ServiceCredential.ClientCertificate { TenantId: var tenant, ClientId: var client, Certificate: var certificate } => new ClientCertificateCredential(
                tenant, client, certificate, With(authority, transport, new ClientCertificateCredentialOptions { DisableInstanceDiscovery = isPrivate })),
            ServiceCredential.AccessToken token => DelegatedTokenCredential.Create((_, _) => ReadToken(token), (_, _) => new ValueTask<AccessToken>(ReadToken(token))),
            ServiceCredential.Interactive interactive => Interactive(
                interactive, With(authority, transport, new InteractiveBrowserCredentialOptions { DisableInstanceDiscovery = isPrivate })),
            ServiceCredential.DeviceCode deviceCode => DeviceCode(
                deviceCode, With(authority, transport, new DeviceCodeCredentialOptions { DisableInstanceDiscovery = isPrivate })),
            _ => new DefaultAzureCredential(With(authority, transport, new DefaultAzureCredentialOptions { DisableInstanceDiscovery = isPrivate })),
        };
    }

    private static ManagedIdentityCredential ManagedIdentity(Guid? client, HttpPipelineTransport? transport)
    {
        var options = new ManagedIdentityCredentialOptions(
            client is { } id ? ManagedIdentityId.FromUserAssignedClientId(id.ToString()) : ManagedIdentityId.SystemAssigned);
        // With the default delay of 0.8 s, the five retries would exceed the time limit, and the message would not say why.
        options.Retry.Delay = TimeSpan.FromSeconds(0.1);
        options.Transport = transport ?? options.Transport;
        return new ManagedIdentityCredential(options);
    }

    private static InteractiveBrowserCredential Interactive(ServiceCredential.Interactive credential, InteractiveBrowserCredentialOptions options)
    {
        options.TenantId = credential.TenantId;
        options.ClientId = credential.ClientId?.ToString() ?? options.ClientId;
        return new InteractiveBrowserCredential(options);
    }

    private static DeviceCodeCredential DeviceCode(ServiceCredential.DeviceCode credential, DeviceCodeCredentialOptions options)
    {
        options.TenantId = credential.TenantId;
        options.ClientId = credential.ClientId?.ToString() ?? options.ClientId;
        options.DeviceCodeCallback = (code, _) =>
        {
            credential.Prompt(code.Message);
            return Task.CompletedTask;
        };
        return new DeviceCodeCredential(options);
    }

    private static T With<T>(Uri authority, HttpPipelineTransport? transport, T options)
        where T : TokenCredentialOptions
    {
        options.AuthorityHost = authority;
        options.Transport = transport ?? options.Transport;
        return options;
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
