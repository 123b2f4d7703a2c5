using System;
using System.Security.Cryptography.X509Certificates;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Entra;

/// <summary>The emulator's Entra tenant, with one application, one managed identity and one user. All values are random by default.</summary>
public sealed class EntraOptions
{
    /// <summary>The path of the managed-identity endpoint of App Service and Automation. Processes find it in the variable IDENTITY_ENDPOINT.</summary>
    public const string ManagedIdentityPath = "/msi/token";

    private const string RsaKey = "1.2.840.113549.1.1.1";

    private readonly X509Certificate2? _clientCertificate;

    /// <summary>The tenant id.</summary>
    public Guid TenantId { get; init; } = Guid.NewGuid();

    /// <summary>The application's client id.</summary>
    public Guid ClientId { get; init; } = Guid.NewGuid();

    /// <summary>The application's secret.</summary>
    public string ClientSecret { get; init; } = Base64Url.Encode(RandomBytes.Create(30));

    /// <summary>The application's certificate, with an RSA key; null for no certificate. The private key is not needed.</summary>
    /// <exception cref="ArgumentException">The key is not an RSA key. Entra accepts only RSA keys.</exception>
    public X509Certificate2? ClientCertificate
    {
        get => _clientCertificate;
        init => _clientCertificate = value?.GetKeyAlgorithm() is null or RsaKey
            ? value
            : throw new ArgumentException("The client certificate must have an RSA key.", nameof(value));
    }

    /// <summary>The managed identity's client id.</summary>
    public Guid ManagedIdentityClientId { get; init; } = Guid.NewGuid();

    /// <summary>The secret in the header X-IDENTITY-HEADER. Processes in App Service and Automation find it in the variable IDENTITY_HEADER.</summary>
    public string IdentityHeader { get; init; } = Base64Url.Encode(RandomBytes.Create(24));
}
