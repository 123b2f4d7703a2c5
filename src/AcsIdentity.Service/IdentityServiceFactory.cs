using System;
using System.Reflection;
using AcsIdentity.Ports;
using AcsIdentity.Service.Quota;
using AcsIdentity.Service.Retries;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Service.Transport;
using Azure;
using Azure.Communication.Identity;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service;

/// <summary>Creates services on Azure.Communication.Identity. Either Microsoft's package or the stand-in is linked.</summary>
public sealed class IdentityServiceFactory : IIdentityServiceFactory
{
    /// <summary>Time limit for one attempt.</summary>
    private static readonly TimeSpan _attemptTimeout = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string Sdk { get; } = NameAndVersion(typeof(CommunicationIdentityClient).Assembly);

    /// <inheritdoc/>
    public IIdentityService Create(Uri endpoint, ServiceCredential credential, EntraSettings? entra = null, ServiceQuota? quota = null) =>
        Create(endpoint, credential, entra ?? new EntraSettings(), quota, new IdentityRetryPolicy(), _attemptTimeout, ServiceTransport.Shared, TimeProvider.System);

    /// <inheritdoc/>
    public void ResetQuota(Uri endpoint) => ResourceQuota.Reset(endpoint);

    internal static IIdentityService Create(
        Uri endpoint,
        ServiceCredential credential,
        EntraSettings entra,
        ServiceQuota? quota,
        IdentityRetryPolicy retryPolicy,
        TimeSpan attemptTimeout,
        HttpPipelineTransport transport,
        TimeProvider clock)
    {
#if !NET
        TransportSecurity.AllowTls12();
#endif
        var options = new CommunicationIdentityClientOptions { RetryPolicy = retryPolicy, Transport = new AnswerLimitTransport(transport) };
        options.Retry.NetworkTimeout = attemptTimeout;
        CommunicationIdentityClient client = credential is ServiceCredential.AccessKey { Key: var key }
            ? new CommunicationIdentityClient(endpoint, new AzureKeyCredential(Secret.ToText(key)), options)
            : new CommunicationIdentityClient(
                endpoint, new EntraCredential(credential, AzureIdentityCredentials.Create(credential, endpoint, entra.AuthorityHost), entra.Audience, clock), options);
        var service = new IdentityService(endpoint, client, clock);
        service.Quota = quota ?? service.Quota;
        return service;
    }

    private static string NameAndVersion(Assembly assembly)
    {
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        // The build appends the commit after a plus sign.
        return $"{assembly.GetName().Name} {version.Split('+')[0]}";
    }
}
