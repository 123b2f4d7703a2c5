using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Entra;

namespace AcsIdentity.Emulator.Server;

/// <summary>The environment variables that clients read, by purpose.</summary>
/// <remarks>
/// A process needs the variables of one sign-in only: DefaultAzureCredential prefers a service principal, and takes
/// AZURE_CLIENT_ID for the managed identity's client id too.
/// </remarks>
internal static class ClientEnvironment
{
    /// <summary>For clients that sign with the access key: this module, Microsoft's samples, and az.</summary>
    public static IReadOnlyList<(string Name, string Value)> AccessKey(string connectionString) =>
    [
        ("COMMUNICATION_SERVICES_CONNECTION_STRING", connectionString),
        ("AZURE_COMMUNICATION_CONNECTION_STRING", connectionString),
    ];

    /// <summary>For EnvironmentCredential and DefaultAzureCredential of Azure.Identity, in any language.</summary>
    public static IReadOnlyList<(string Name, string Value)> ServicePrincipal(EntraOptions entra, Uri https) =>
    [
        ("AZURE_AUTHORITY_HOST", https.ToString()),
        ("AZURE_TENANT_ID", entra.TenantId.ToString()),
        ("AZURE_CLIENT_ID", entra.ClientId.ToString()),
        ("AZURE_CLIENT_SECRET", entra.ClientSecret),
    ];

    /// <summary>For ManagedIdentityCredential and DefaultAzureCredential, as in App Service and Automation.</summary>
    public static IReadOnlyList<(string Name, string Value)> ManagedIdentity(EntraOptions entra, Uri https) =>
    [
        ("IDENTITY_ENDPOINT", new Uri(https, EntraOptions.ManagedIdentityPath).ToString()),
        ("IDENTITY_HEADER", entra.IdentityHeader),
    ];

    /// <summary>Makes Node.js, Python, and .NET and curl on Linux trust the certificate.</summary>
    public static IReadOnlyList<(string Name, string Value)> Trust(string certificatePath) =>
    [
        ("NODE_EXTRA_CA_CERTS", certificatePath),
        ("REQUESTS_CA_BUNDLE", certificatePath),
        ("SSL_CERT_FILE", certificatePath),
    ];
}
