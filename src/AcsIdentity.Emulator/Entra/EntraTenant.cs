using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Whose tenant and which applications a request may name.</summary>
internal sealed class EntraTenant(EntraOptions options)
{
    /// <summary>The application that Azure's developer tools share. It is in every tenant, and users may sign in to it.</summary>
    private static readonly Guid _developerTools = new("04b07795-8ddb-461a-bbee-02f9e1bf7b46");

    private readonly Guid _userId = Guid.NewGuid();

    /// <exception cref="EntraRefusal">It is not this tenant.</exception>
    public void Demand(string tenant)
    {
        if (!Guid.TryParse(tenant, out Guid id) || id != options.TenantId)
        {
            throw EntraRefusal.TenantNotFound(tenant);
        }
    }

    /// <summary>Where users sign in, the tenant may be left to be found by who they are.</summary>
    /// <exception cref="EntraRefusal">It is not this tenant.</exception>
    public void DemandForUsers(string tenant)
    {
        if (tenant is not ("organizations" or "common"))
        {
            Demand(tenant);
        }
    }

    /// <exception cref="EntraRefusal">It is not the application that has a secret.</exception>
    public void DemandApplication(string clientId)
    {
        if (!Guid.TryParse(clientId, out Guid id) || id != options.ClientId)
        {
            throw EntraRefusal.ClientNotFound(clientId, options.TenantId);
        }
    }

    /// <returns>The application that a user may sign in to.</returns>
    /// <exception cref="EntraRefusal">It is not in this tenant.</exception>
    public Guid ApplicationForUsers(string clientId) =>
        Guid.TryParse(clientId, out Guid id) && (id == options.ClientId || id == _developerTools)
            ? id
            : throw EntraRefusal.ClientNotFound(clientId, options.TenantId);

    /// <returns>The tenant's one user, signed in to that application.</returns>
    public EntraPrincipal UserOf(Guid clientId) => new(clientId, _userId, "user@emulator.invalid");
}
