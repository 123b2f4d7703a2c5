using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using Azure.Core;
using Azure.Identity;

namespace AcsIdentity.Service.SignIn;

/// <summary>
/// Gets the tokens that the client library asks for: from one of Azure.Identity's credentials, for the right audience, in
/// bounded time, and with a failure that says which credential it was. Azure.Identity loads with this class.
/// </summary>
internal sealed class EntraCredential : TokenCredential
{
    private const string UsGovernmentSuffix = ".communication.azure.us";

    /// <summary>Who runs unattended must hear within 10 s that there is, say, no managed identity here.</summary>
    private static readonly TimeSpan _unattendedLimit = TimeSpan.FromSeconds(8);

    /// <summary>Several sources are asked in turn, some of them programs that take a while to start.</summary>
    private static readonly TimeSpan _defaultLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan _personLimit = TimeSpan.FromMinutes(15);

    /// <summary>Any other one is on no list that it could be looked up in.</summary>
    private static readonly Uri[] _knownAuthorities = [AzureAuthorityHosts.AzurePublicCloud, AzureAuthorityHosts.AzureGovernment, AzureAuthorityHosts.AzureChina];

    private readonly ServiceCredential _described;
    private readonly TokenCredential _credential;
    private readonly string? _audience;

    public EntraCredential(Uri endpoint, ServiceCredential credential, EntraSettings options)
    {
        _described = credential;
        _audience = options.Audience;
        _credential = Create(credential, options.AuthorityHost ?? AuthorityFor(endpoint));
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        TimeSpan limit = _described switch
        {
            ServiceCredential.Interactive or ServiceCredential.DeviceCode => _personLimit,
            ServiceCredential.DefaultAzure => _defaultLimit,
            _ => _unattendedLimit,
        };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(limit);
        string[] scopes = _audience is null ? requestContext.Scopes : [_audience + "/.default"];
        try
        {
            return await _credential
                .GetTokenAsync(new TokenRequestContext(scopes, requestContext.ParentRequestId, requestContext.Claims, requestContext.TenantId), ending.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Also where the caller's time is up: whoever hears of a mere cancellation has to take the call for sent.
            throw new SignInException(
                _described, cancellationToken.IsCancellationRequested ? "The time of the call was up before there was an answer." : $"There was no answer within {limit.TotalSeconds:0} s.");
        }
        catch (AuthenticationFailedException refused)
        {
            // Where an authority has refused, its own words are the innermost.
            throw new SignInException(_described, refused is CredentialUnavailableException ? refused.Message : refused.GetBaseException().Message, refused);
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
            ServiceCredential.AccessToken token => DelegatedTokenCredential.Create((_, _) => Current(token), (_, _) => new ValueTask<AccessToken>(Current(token))),
            ServiceCredential.Interactive person => Browser(person, authority, isPrivate),
            ServiceCredential.DeviceCode person => DeviceCode(person, authority, isPrivate),
            _ => new DefaultAzureCredential(new DefaultAzureCredentialOptions { AuthorityHost = authority, DisableInstanceDiscovery = isPrivate }),
        };
    }

    private static ManagedIdentityCredential ManagedIdentity(Guid? client)
    {
        var options = new ManagedIdentityCredentialOptions(
            client is { } id ? ManagedIdentityId.FromUserAssignedClientId(id.ToString()) : ManagedIdentityId.SystemAssigned);
        // From the usual 0.8 s on, five repeats take longer than the limit, and the reason would be lost with it.
        options.Retry.Delay = TimeSpan.FromSeconds(0.1);
        return new ManagedIdentityCredential(options);
    }

    private static InteractiveBrowserCredential Browser(ServiceCredential.Interactive person, Uri authority, bool isPrivate)
    {
        var options = new InteractiveBrowserCredentialOptions { AuthorityHost = authority, DisableInstanceDiscovery = isPrivate, TenantId = person.TenantId };
        options.ClientId = person.ClientId?.ToString() ?? options.ClientId;
        return new InteractiveBrowserCredential(options);
    }

    private static DeviceCodeCredential DeviceCode(ServiceCredential.DeviceCode person, Uri authority, bool isPrivate)
    {
        var options = new DeviceCodeCredentialOptions
        {
            AuthorityHost = authority,
            DisableInstanceDiscovery = isPrivate,
            TenantId = person.TenantId,
            DeviceCodeCallback = (code, _) =>
            {
                person.Prompt(code.Message);
                return Task.CompletedTask;
            },
        };
        options.ClientId = person.ClientId?.ToString() ?? options.ClientId;
        return new DeviceCodeCredential(options);
    }

    /// <summary>The environment's authority before the one of the endpoint's cloud, as everywhere in Azure's libraries.</summary>
    private static Uri AuthorityFor(Uri endpoint) =>
        Uri.TryCreate(Environment.GetEnvironmentVariable("AZURE_AUTHORITY_HOST"), UriKind.Absolute, out Uri? named) ? named
        : endpoint.Host.EndsWith(UsGovernmentSuffix, StringComparison.OrdinalIgnoreCase) ? AzureAuthorityHosts.AzureGovernment
        : AzureAuthorityHosts.AzurePublicCloud;

    private static AccessToken Current(ServiceCredential.AccessToken token) =>
        token.ExpiresOn > DateTimeOffset.UtcNow
            ? new AccessToken(Secret.ToText(token.Token), token.ExpiresOn)
            : throw new SignInException(token, "It has expired.");
}
