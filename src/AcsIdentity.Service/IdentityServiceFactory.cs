using System;
using System.Reflection;
using AcsIdentity.Ports;
using AcsIdentity.Service.Quota;
using AcsIdentity.Service.Retries;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Service.TeamsExtension;
using AcsIdentity.Service.Transport;
using AcsIdentity.Shared;
using Azure;
using Azure.Communication.Identity;
using Azure.Core;
using Azure.Core.Pipeline;

namespace AcsIdentity.Service;

/// <summary>Creates services on Azure.Communication.Identity. Either Microsoft's package or the stand-in is linked.</summary>
public sealed class IdentityServiceFactory : IIdentityServiceFactory
{
    /// <summary>The scope that Microsoft's clients request, with this double slash.</summary>
    private const string EntraScope = "https://communication.azure.com//.default";

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
        CommunicationIdentityClientOptions options = Configure(new CommunicationIdentityClientOptions());
        CommunicationIdentityClient client;
        Func<HttpPipelinePolicy> authenticate;
        if (credential is ServiceCredential.AccessKey { Key: var secret })
        {
            var key = new AzureKeyCredential(Secret.ToText(secret));
            client = new CommunicationIdentityClient(endpoint, key, options);
            authenticate = () => new HmacAuthenticationPolicy(key);
        }
        else
        {
            var entraCredential = new EntraCredential(credential, AzureIdentityCredentials.Create(credential, endpoint, entra.AuthorityHost), entra.Audience, clock);
            client = new CommunicationIdentityClient(endpoint, entraCredential, options);
            authenticate = () => new BearerTokenAuthenticationPolicy(entraCredential, EntraScope);
        }

        // Most connections never use it.
        var teamsExtension = new Lazy<TeamsExtensionClient>(() => new TeamsExtensionClient(endpoint, authenticate(), Configure(new TeamsExtensionClientOptions())));
        var service = new IdentityService(endpoint, client, teamsExtension, clock);
        service.Quota = quota ?? service.Quota;
        return service;

        T Configure<T>(T unconfigured)
            where T : ClientOptions
        {
            unconfigured.RetryPolicy = retryPolicy;
            unconfigured.Transport = new AnswerLimitTransport(transport);
            unconfigured.Retry.NetworkTimeout = attemptTimeout;
            return unconfigured;
        }
    }

    private static string NameAndVersion(Assembly assembly)
    {
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        // The build appends the commit after a plus sign.
        return $"{assembly.GetName().Name} {version.Split('+')[0]}";
    }
}
