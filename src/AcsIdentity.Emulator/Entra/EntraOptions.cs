using System;
using System.Security.Cryptography.X509Certificates;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Who may get tokens from the emulator's own Entra tenant, beside its one user: one application and one managed identity. All is random unless set.</summary>
public sealed class EntraOptions
{
    /// <summary>The path of the endpoint for processes in App Service or Automation: their variable IDENTITY_ENDPOINT.</summary>
    public const string ManagedIdentityPath = "/msi/token";

    private const string RsaKey = "1.2.840.113549.1.1.1";

    private readonly X509Certificate2? _clientCertificate;

    /// <summary>The tenant.</summary>
    public Guid TenantId { get; init; } = Guid.NewGuid();

    /// <summary>The application's client id.</summary>
    public Guid ClientId { get; init; } = Guid.NewGuid();

    /// <summary>The application's secret.</summary>
    public string ClientSecret { get; init; } = Base64Url.Encode(RandomBytes.Create(30));

    /// <summary>The application's certificate, with an RSA key; null for none. Its private key is not needed.</summary>
    /// <exception cref="ArgumentException">Its key is of another kind, which Entra does not take.</exception>
    public X509Certificate2? ClientCertificate
    {
        get => _clientCertificate;
        init => _clientCertificate = value?.GetKeyAlgorithm() is null or RsaKey
            ? value
            : throw new ArgumentException("The client certificate has no RSA key.", nameof(value));
    }

    /// <summary>The managed identity's client id.</summary>
    public Guid ManagedIdentityClientId { get; init; } = Guid.NewGuid();

    /// <summary>What a process in App Service or Automation shows in the header X-IDENTITY-HEADER: its variable IDENTITY_HEADER.</summary>
    public string IdentityHeader { get; init; } = Base64Url.Encode(RandomBytes.Create(24));
}
