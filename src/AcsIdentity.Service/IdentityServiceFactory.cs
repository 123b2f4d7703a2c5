using System;
using System.Reflection;
using AcsIdentity.Ports;
using AcsIdentity.Service.Retries;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Service.Transport;
using Azure;
using Azure.Communication.Identity;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service;

/// <summary>Opens resources through Azure.Communication.Identity, whichever of the package and the stand-in is linked.</summary>
public sealed class IdentityServiceFactory : IIdentityServiceFactory
{
    /// <summary>How long one try may take.</summary>
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public string Sdk { get; } = NameAndVersion(typeof(CommunicationIdentityClient).Assembly);

    /// <inheritdoc/>
    public IIdentityService Create(Uri endpoint, ServiceCredential credential, EntraSettings? entra = null, ServiceQuota? quota = null) =>
        Create(endpoint, credential, entra ?? new EntraSettings(), quota, new IdentityRetryPolicy(), _answerTimeout, ServiceTransport.Shared);

    internal static IIdentityService Create(
        Uri endpoint, ServiceCredential credential, EntraSettings entra, ServiceQuota? quota, IdentityRetryPolicy retryPolicy, TimeSpan answerTimeout, HttpPipelineTransport transport)
    {
#if !NET
        TransportSecurity.AllowTls12();
#endif
        var options = new CommunicationIdentityClientOptions { RetryPolicy = retryPolicy, Transport = transport };
        options.Retry.NetworkTimeout = answerTimeout;
        CommunicationIdentityClient client = credential is ServiceCredential.AccessKey { Key: var key }
            ? new CommunicationIdentityClient(endpoint, new AzureKeyCredential(Secret.ToText(key)), options)
            : new CommunicationIdentityClient(endpoint, new EntraCredential(endpoint, credential, entra), options);
        var service = new IdentityService(endpoint, client);
        service.Quota = quota ?? service.Quota;
        return service;
    }

    private static string NameAndVersion(Assembly assembly)
    {
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        // Without the commit that the build appends.
        return $"{assembly.GetName().Name} {version.Split('+')[0]}";
    }
}
