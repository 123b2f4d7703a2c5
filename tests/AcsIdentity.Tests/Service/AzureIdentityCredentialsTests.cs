using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;
using AcsIdentity.Service.SignIn;
using AcsIdentity.Tests.Support;
using Azure.Core;
using Azure.Core.Pipeline;
using Xunit;

namespace AcsIdentity.Tests.Service;

/// <summary>The requests of the credentials that are created: to which authority, for which tenant and application.</summary>
[Collection(ProcessEnvironment.Name)]
public sealed class AzureIdentityCredentialsTests : IDisposable
{
    private const string Client = "3f0a1d7c-7a4f-4d2c-9f0e-2f6f4f6c7a10";
    private static readonly Uri _endpoint = new("https://contoso.communication.azure.com/");
    private static readonly string[] _variables =
    [
        "AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TOKEN_CREDENTIALS",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST", "IDENTITY_ENDPOINT", "IDENTITY_HEADER",
    ];

    private readonly Dictionary<string, string?> _environment = _variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);

    /// <summary>MSAL caches what it learns about an authority for the life of the process.</summary>
    private readonly Uri _private = new($"https://login.{Guid.NewGuid()}.example/");

    /// <summary>MSAL caches the token of a managed identity for the life of the process.</summary>
    private readonly string _scope = $"https://{Guid.NewGuid()}.example/.default";

    private readonly StubAuthority _authority = new();
    private readonly HttpClientTransport _transport;

    public AzureIdentityCredentialsTests()
    {
        _transport = new HttpClientTransport(_authority);
        foreach (string name in _variables)
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    public void Dispose()
    {
        foreach ((string name, string? value) in _environment)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        _transport.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("https://contoso.communication.azure.com/", null, null, "login.microsoftonline.com")]
    [InlineData("https://contoso.communication.azure.us/", null, null, "login.microsoftonline.us")]
    [InlineData("https://contoso.COMMUNICATION.azure.US/", null, null, "login.microsoftonline.us")]
    [InlineData("https://contoso.communication.azure.us/", "https://login.environment.example/", null, "login.environment.example")]
    [InlineData("https://contoso.communication.azure.us/", "not an address", null, "login.microsoftonline.us")]
    [InlineData("https://contoso.communication.azure.us/", "https://login.environment.example/", "https://login.private.example/", "login.private.example")]
    public async Task Authority_is_the_given_one_or_that_of_the_environment_or_of_the_cloud(string endpoint, string? variable, string? given, string host)
    {
        Environment.SetEnvironmentVariable("AZURE_AUTHORITY_HOST", variable);

        await GetTokenAsync(AzureIdentityCredentials.Create(ClientSecret(), new Uri(endpoint), given is null ? null : new Uri(given), _transport));

        Assert.Equal(host, _authority.TokenRequest.Address.Host);
    }

    /// <summary>MSAL would ask login.microsoftonline.com. It does not ask about the authorities that it knows.</summary>
    [Theory]
    [InlineData(nameof(ServiceCredential.ClientSecret))]
    [InlineData(nameof(ServiceCredential.ClientCertificate))]
    [InlineData(nameof(ServiceCredential.DeviceCode))]
    public async Task Instance_discovery_is_off_for_a_private_authority(string kind)
    {
        ServiceCredential credential = kind switch
        {
            nameof(ServiceCredential.ClientSecret) => ClientSecret(),
            nameof(ServiceCredential.ClientCertificate) => ClientCertificate(),
            _ => DeviceCode([]),
        };

        await GetTokenAsync(AzureIdentityCredentials.Create(credential, _endpoint, _private, _transport));

        Assert.All(_authority.Addresses, address => Assert.Equal(_private.Host, address.Host));
    }

    [Fact]
    public async Task Client_secret_is_sent_to_its_tenant()
    {
        await GetTokenAsync(AzureIdentityCredentials.Create(ClientSecret(), _endpoint, _private, _transport));

        (Uri address, string body) = _authority.TokenRequest;
        Assert.Equal(new Uri(_private, "contoso.com/oauth2/v2.0/token"), address);
        Assert.Contains($"client_id={Client}", body, StringComparison.Ordinal);
        Assert.Contains("client_secret=the-secret", body, StringComparison.Ordinal);
        Assert.Contains($"scope={Uri.EscapeDataString(_scope)}", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_certificate_signs_the_request()
    {
        await GetTokenAsync(AzureIdentityCredentials.Create(ClientCertificate(), _endpoint, _private, _transport));

        (Uri address, string body) = _authority.TokenRequest;
        Assert.Equal(new Uri(_private, "contoso.com/oauth2/v2.0/token"), address);
        Assert.Contains($"client_id={Client}", body, StringComparison.Ordinal);
        Assert.Contains("client_assertion=", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "organizations", "04b07795-8ddb-461a-bbee-02f9e1bf7b46")]
    [InlineData("contoso.com", Client, "contoso.com", Client)]
    public async Task Device_code_prompts_the_user(string? tenant, string? client, string expectedTenant, string expectedClient)
    {
        var prompts = new List<string>();

        await GetTokenAsync(AzureIdentityCredentials.Create(DeviceCode(prompts, tenant, client), _endpoint, _private, _transport));

        Assert.Equal(["Enter ABC."], prompts);
        (Uri address, string body) = _authority.TokenRequest;
        Assert.Equal(new Uri(_private, $"{expectedTenant}/oauth2/v2.0/token"), address);
        Assert.Contains($"client_id={expectedClient}", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Client)]
    public async Task Managed_identity_is_the_given_one(string? client)
    {
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", "http://localhost:1/msi/token");
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "header");
        var credential = new ServiceCredential.ManagedIdentity(client is null ? null : Guid.Parse(client));

        await GetTokenAsync(AzureIdentityCredentials.Create(credential, _endpoint, null, _transport));

        Assert.Equal("/msi/token", _authority.TokenRequest.Address.AbsolutePath);
        Assert.Equal(client is not null, _authority.TokenRequest.Address.Query.Contains($"client_id={Client}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Default_credential_takes_the_environment()
    {
        Environment.SetEnvironmentVariable("AZURE_TENANT_ID", "contoso.com");
        Environment.SetEnvironmentVariable("AZURE_CLIENT_ID", Client);
        Environment.SetEnvironmentVariable("AZURE_CLIENT_SECRET", "the-secret");

        await GetTokenAsync(AzureIdentityCredentials.Create(new ServiceCredential.DefaultAzure(), _endpoint, _private, _transport));

        Assert.Equal(new Uri(_private, "contoso.com/oauth2/v2.0/token"), _authority.TokenRequest.Address);
        Assert.All(_authority.Addresses, address => Assert.Equal(_private.Host, address.Host));
    }

    [Fact]
    public async Task Access_token_is_used_as_given()
    {
        DateTimeOffset expiresOn = DateTimeOffset.UtcNow.AddMinutes(5);
        TokenCredential credential = AzureIdentityCredentials.Create(
            new ServiceCredential.AccessToken(Secret.FromText("given"), expiresOn), _endpoint, null, _transport);

        AccessToken token = await credential.GetTokenAsync(new TokenRequestContext([_scope]), CancellationToken.None);

        Assert.Equal(("given", expiresOn), (token.Token, token.ExpiresOn));
        Assert.Empty(_authority.Addresses);
    }

    private static ServiceCredential.ClientSecret ClientSecret() => new("contoso.com", Client, Secret.FromText("the-secret"));

    private static ServiceCredential.ClientCertificate ClientCertificate()
    {
        X509Certificate2 certificate = Support.ClientCertificate.Create();
        return new("contoso.com", Client, certificate);
    }

    private static ServiceCredential.DeviceCode DeviceCode(List<string> prompts, string? tenant = "contoso.com", string? client = Client) =>
        new(tenant, client is null ? null : Guid.Parse(client), prompts.Add);

    private async Task GetTokenAsync(TokenCredential credential)
    {
        AccessToken token = await credential.GetTokenAsync(new TokenRequestContext([_scope]), CancellationToken.None);
        Assert.Equal("entra", token.Token);
    }
}
