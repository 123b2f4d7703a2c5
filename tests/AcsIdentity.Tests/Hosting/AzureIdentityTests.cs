using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Server;
using AcsIdentity.Tests.Support;
using Azure;
using Azure.Communication;
using Azure.Communication.Identity;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Xunit;

namespace AcsIdentity.Tests.Hosting;

/// <summary>One emulator for all tests of the class: MSAL caches the address of the first IMDS endpoint for the life of the process.</summary>
public sealed class SecureEmulator : IAsyncLifetime
{
    public X509Certificate2 ClientCertificate { get; } = Support.ClientCertificate.Create();

    internal EmulatorHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await EmulatorHost.StartAsync(
        HostKind.KestrelOverHttps, options: new EmulatorOptions { Entra = new EntraOptions { ClientCertificate = ClientCertificate } });

    public async Task DisposeAsync()
    {
        await Host.DisposeAsync();
        ClientCertificate.Dispose();
    }
}

/// <summary>The credentials of Azure.Identity get tokens from the emulator's tenant over HTTPS and use them.</summary>
[Collection(ProcessEnvironment.Name)]
public sealed class AzureIdentityTests : IClassFixture<SecureEmulator>, IDisposable
{
    private static readonly string[] _variables =
    [
        "AZURE_AUTHORITY_HOST", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_TOKEN_CREDENTIALS",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST", "IDENTITY_ENDPOINT", "IDENTITY_HEADER",
    ];

    private readonly SecureEmulator _emulator;
    private readonly Dictionary<string, string?> _environment = _variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);
    private readonly X509Certificate2 _trusted;
    private readonly HttpClientHandler _handler;
    private readonly HttpClientTransport _transport;

    public AzureIdentityTests(SecureEmulator emulator)
    {
        _emulator = emulator;
        _trusted = X509CertificateLoader.LoadCertificateFromFile(emulator.Host.CertificatePath!);
        _handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == _trusted.Thumbprint };
        _transport = new HttpClientTransport(_handler);
        foreach (string name in _variables)
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    private EntraOptions Entra => _emulator.Host.Emulator.Entra;

    private Uri Endpoint => _emulator.Host.Endpoint;

    public void Dispose()
    {
        foreach ((string name, string? value) in _environment)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        _transport.Dispose();
        _handler.Dispose();
        _trusted.Dispose();
    }

    [Fact]
    public async Task Client_secret_creates_an_identity()
    {
        await AssertCreatesAsync(Secret(Entra.ClientSecret));
    }

    [Fact]
    public async Task Client_certificate_creates_an_identity()
    {
        await AssertCreatesAsync(new ClientCertificateCredential(
            Entra.TenantId.ToString(),
            Entra.ClientId.ToString(),
            _emulator.ClientCertificate,
            new ClientCertificateCredentialOptions { AuthorityHost = Endpoint, Transport = _transport, DisableInstanceDiscovery = true }));
    }

    [Fact]
    public async Task Managed_identity_of_app_service_creates_an_identity()
    {
        SetAppService();

        await AssertCreatesAsync(ManagedIdentity(ManagedIdentityId.SystemAssigned));
        await AssertCreatesAsync(ManagedIdentity(ManagedIdentityId.FromUserAssignedClientId(Entra.ManagedIdentityClientId.ToString())));
    }

    [Fact]
    public async Task Managed_identity_of_a_virtual_machine_creates_an_identity()
    {
        SetInstanceMetadata();

        await AssertCreatesAsync(ManagedIdentity(ManagedIdentityId.SystemAssigned));
        await AssertCreatesAsync(ManagedIdentity(ManagedIdentityId.FromUserAssignedClientId(Entra.ManagedIdentityClientId.ToString())));
    }

    [Fact]
    public async Task Default_credential_creates_an_identity_with_the_secret_in_the_environment()
    {
        Set(ClientEnvironment.ServicePrincipal(Entra, Endpoint));

        await AssertCreatesAsync(Default());
    }

    [Fact]
    public async Task Default_credential_creates_an_identity_with_the_managed_identity_of_app_service()
    {
        SetAppService();

        await AssertCreatesAsync(Default());
    }

    [Fact]
    public async Task Default_credential_creates_an_identity_with_the_managed_identity_of_a_virtual_machine()
    {
        SetInstanceMetadata();
        // Without this variable it first sends a probe without the header. It accepts the error response only from 169.254.169.254.
        Environment.SetEnvironmentVariable("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential");

        await AssertCreatesAsync(Default());
    }

    [Fact]
    public async Task User_name_and_password_get_a_token_for_several_permissions()
    {
        string[] scopes = ["https://auth.msft.communication.azure.com/Teams.ManageCalls", "https://auth.msft.communication.azure.com/Teams.ManageChats"];
#pragma warning disable CS0618 // The credential is obsolete, but the suites of the service's clients still use it.
        var credential = new UsernamePasswordCredential(
            "user@emulator.invalid",
            "any",
            Entra.TenantId.ToString(),
            Entra.ClientId.ToString(),
            new UsernamePasswordCredentialOptions { AuthorityHost = Endpoint, Transport = _transport, DisableInstanceDiscovery = true });
#pragma warning restore CS0618

        AccessToken token = await credential.GetTokenAsync(new TokenRequestContext(scopes), default);

        Assert.Equal("Teams.ManageCalls Teams.ManageChats", Jwt.Claims(token.Token).GetProperty("scp").GetString());
    }

    [Fact]
    public async Task Wrong_secret_returns_the_entra_error()
    {
        AuthenticationFailedException refused = await Assert.ThrowsAsync<AuthenticationFailedException>(() => AssertCreatesAsync(Secret("wrong")));

        Assert.Contains("AADSTS7000215", refused.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_tenant_returns_the_entra_error()
    {
        AuthenticationFailedException refused = await Assert.ThrowsAsync<AuthenticationFailedException>(
            () => AssertCreatesAsync(Secret(Entra.ClientSecret, Guid.NewGuid())));

        Assert.Contains("AADSTS90002", refused.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_managed_identity_returns_an_error()
    {
        SetInstanceMetadata();

        AuthenticationFailedException refused = await Assert.ThrowsAnyAsync<AuthenticationFailedException>(
            () => AssertCreatesAsync(ManagedIdentity(ManagedIdentityId.FromUserAssignedClientId(Guid.NewGuid().ToString()))));

        Assert.Contains("Identity not found", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_for_another_resource_is_denied_by_the_service()
    {
        AccessToken token = await Secret(Entra.ClientSecret).GetTokenAsync(new TokenRequestContext(["https://management.azure.com/.default"]), default);

        RequestFailedException denied = await Assert.ThrowsAsync<RequestFailedException>(
            () => AssertCreatesAsync(DelegatedTokenCredential.Create((_, _) => token)));

        Assert.Equal((401, "Denied"), (denied.Status, denied.ErrorCode));
    }

    private async Task AssertCreatesAsync(TokenCredential credential)
    {
        int before = _emulator.Host.Emulator.IdentityCount;
        var client = new CommunicationIdentityClient(Endpoint, credential, new CommunicationIdentityClientOptions { Transport = _transport });

        CommunicationUserIdentifier created = await client.CreateUserAsync();

        Assert.StartsWith("8:acs:", created.Id, StringComparison.Ordinal);
        Assert.Equal(before + 1, _emulator.Host.Emulator.IdentityCount);
    }

    /// <summary>Disables instance discovery, because MSAL would send a request about the emulator to login.microsoftonline.com.</summary>
    private ClientSecretCredential Secret(string secret, Guid? tenant = null) => new(
        (tenant ?? Entra.TenantId).ToString(),
        Entra.ClientId.ToString(),
        secret,
        new ClientSecretCredentialOptions { AuthorityHost = Endpoint, Transport = _transport, DisableInstanceDiscovery = true });

    private ManagedIdentityCredential ManagedIdentity(ManagedIdentityId id) => new(new ManagedIdentityCredentialOptions(id) { Transport = _transport });

    private DefaultAzureCredential Default() => new(new DefaultAzureCredentialOptions { Transport = _transport, DisableInstanceDiscovery = true });

    private void SetAppService() => Set(ClientEnvironment.ManagedIdentity(Entra, Endpoint));

    private static void Set(IReadOnlyList<(string Name, string Value)> variables)
    {
        foreach ((string name, string value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private void SetInstanceMetadata() => Environment.SetEnvironmentVariable("AZURE_POD_IDENTITY_AUTHORITY_HOST", Endpoint.ToString());
}
