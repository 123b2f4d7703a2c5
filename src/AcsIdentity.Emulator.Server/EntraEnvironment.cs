using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Entra;

namespace AcsIdentity.Emulator.Server;

/// <summary>The environment variables that make Azure.Identity, in any language, get its tokens from the emulator.</summary>
internal static class EntraEnvironment
{
    public static IEnumerable<(string Name, string Value)> Variables(EntraOptions entra, Uri https) =>
    [
        ("AZURE_AUTHORITY_HOST", https.ToString()),
        ("AZURE_TENANT_ID", entra.TenantId.ToString()),
        ("AZURE_CLIENT_ID", entra.ClientId.ToString()),
        ("AZURE_CLIENT_SECRET", entra.ClientSecret),
        ("IDENTITY_ENDPOINT", new Uri(https, EntraOptions.ManagedIdentityPath).ToString()),
        ("IDENTITY_HEADER", entra.IdentityHeader),
    ];
}
