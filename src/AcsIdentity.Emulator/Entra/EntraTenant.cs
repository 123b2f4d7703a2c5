using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Whose tenant and which applications a request may name.</summary>
internal sealed class EntraTenant(EntraOptions options)
{
    /// <summary>The application that Azure's developer tools share. It is in every tenant, and users may sign in to it.</summary>
    private static readonly Guid _developerTools = new("04b07795-8ddb-461a-bbee-02f9e1bf7b46");

    private readonly Guid _userId = Guid.NewGuid();

    /// <exception cref="EntraError">It is not this tenant.</exception>
    public void RequireTenant(string tenant)
    {
        if (!Guid.TryParse(tenant, out Guid id) || id != options.TenantId)
        {
            throw EntraError.TenantNotFound(tenant);
        }
    }

    /// <summary>Where users sign in, the tenant may be left to be found by who they are.</summary>
    /// <exception cref="EntraError">It is not this tenant.</exception>
    public void RequireTenantForUsers(string tenant)
    {
        if (tenant is not ("organizations" or "common"))
        {
            RequireTenant(tenant);
        }
    }

    /// <exception cref="EntraError">It is not the application that has a secret.</exception>
    public void RequireApplication(string clientId)
    {
        if (!Guid.TryParse(clientId, out Guid id) || id != options.ClientId)
        {
            throw EntraError.ClientNotFound(clientId, options.TenantId);
        }
    }

    /// <returns>The application that a user may sign in to.</returns>
    /// <exception cref="EntraError">It is not in this tenant.</exception>
    public Guid GetUserApplication(string clientId) =>
        Guid.TryParse(clientId, out Guid id) && (id == options.ClientId || id == _developerTools)
            ? id
            : throw EntraError.ClientNotFound(clientId, options.TenantId);

    /// <returns>The tenant's one user, signed in to that application.</returns>
    public EntraPrincipal SignedInUser(Guid clientId) => new(clientId, _userId, "user@emulator.invalid");
}
