using System;
using System.Security;
using System.Security.Cryptography.X509Certificates;

namespace AcsIdentity.Ports;

/// <summary>The credential of a connection: the resource's access key, or a source of Microsoft Entra ID tokens.</summary>
public abstract record ServiceCredential
{
    private ServiceCredential()
    {
    }

    /// <summary>The name in messages and views.</summary>
    public abstract string Name { get; }

    /// <summary>What to check if the credential fails.</summary>
    public abstract string Advice { get; }

    /// <summary>One of the resource's two access keys.</summary>
    /// <param name="Key">The key, base64.</param>
    public sealed record AccessKey(SecureString Key) : ServiceCredential
    {
        /// <inheritdoc/>
        public override string Name => "access key";

        /// <inheritdoc/>
        public override string Advice => "Check that the key is current and belongs to this resource.";
    }

    /// <summary>The managed identity of the host, for example an Azure VM, an Automation sandbox or an App Service.</summary>
    /// <param name="ClientId">The client id of a user-assigned identity; null for the system-assigned identity.</param>
    public sealed record ManagedIdentity(Guid? ClientId) : ServiceCredential
    {
        /// <inheritdoc/>
        public override string Name => ClientId is { } id ? $"managed identity {id}" : "managed identity";

        /// <inheritdoc/>
        public override string Advice => ClientId is null
            ? "Check that this host has a system-assigned managed identity; for a user-assigned one give -ClientId."
            : "Check that this host has a user-assigned managed identity with that client id.";
    }

    /// <summary>A service principal with a secret.</summary>
    /// <param name="TenantId">The tenant, by GUID or domain name.</param>
    /// <param name="ClientId">The application.</param>
    /// <param name="Secret">Its secret.</param>
    public sealed record ClientSecret(string TenantId, string ClientId, SecureString Secret) : ServiceCredential
    {
        /// <inheritdoc/>
        public override string Name => $"service principal {ClientId} with a secret";

        /// <inheritdoc/>
        public override string Advice => $"Check that the tenant is {TenantId}, and that the secret is current.";
    }

    /// <summary>A service principal with a certificate.</summary>
    /// <param name="TenantId">The tenant, by GUID or domain name.</param>
    /// <param name="ClientId">The application.</param>
    /// <param name="Certificate">Its certificate, with the private key.</param>
    public sealed record ClientCertificate(string TenantId, string ClientId, X509Certificate2 Certificate) : ServiceCredential
    {
        /// <inheritdoc/>
        public override string Name => $"service principal {ClientId} with a certificate";

        /// <inheritdoc/>
        public override string Advice =>
            $"Check that the tenant is {TenantId}, and that the certificate {Certificate.Thumbprint} is registered with the application and current.";
    }

    /// <summary>An Entra access token from elsewhere, for example from Get-AzAccessToken.</summary>
    /// <param name="Token">The token.</param>
    /// <param name="ExpiresOn">When it expires.</param>
    public sealed record AccessToken(SecureString Token, DateTimeOffset ExpiresOn) : ServiceCredential
    {
        /// <inheritdoc/>
        public override string Name => "access token";

        /// <inheritdoc/>
        public override string Advice => $"The token expires at {ExpiresOn.UtcDateTime:u}. Get a new one and connect again.";
    }

    /// <summary>A user who signs in with a browser.</summary>
    /// <param name="TenantId">The tenant, by GUID or domain name; null for the user's home tenant.</param>
    /// <param name="ClientId">The application to sign in to; null for the application of Azure's developer tools.</param>
    public sealed record Interactive(string? TenantId, Guid? ClientId) : ServiceCredential
    {
        /// <inheritdoc/>
        public override string Name => "interactive sign-in";

        /// <inheritdoc/>
        public override string Advice => "If no browser can be opened, use -DeviceCode.";
    }

    /// <summary>A user who signs in with a browser on another machine.</summary>
    /// <param name="TenantId">The tenant, by GUID or domain name; null for the user's home tenant.</param>
    /// <param name="ClientId">The application to sign in to; null for the application of Azure's developer tools.</param>
    /// <param name="Prompt">Shows the user the code and the page to enter it. Called on any thread.</param>
    public sealed record DeviceCode(string? TenantId, Guid? ClientId, Action<string> Prompt) : ServiceCredential
    {
        /// <inheritdoc/>
        public override string Name => "device code";

        /// <inheritdoc/>
        public override string Advice => "Check that the tenant allows sign-in by device code.";
    }

    /// <summary>The first source on this host that gives a token, in the order of Azure.Identity's DefaultAzureCredential.</summary>
    public sealed record DefaultAzure : ServiceCredential
    {
        /// <inheritdoc/>
        public override string Name => "default Azure credential";

        /// <inheritdoc/>
        public override string Advice => "No source gave a token. Choose one, for example with -ManagedIdentity.";
    }
}
