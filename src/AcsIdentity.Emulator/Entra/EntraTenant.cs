using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Checks the tenant and the application that a request names.</summary>
internal sealed class EntraTenant(EntraOptions options)
{
    /// <summary>The client id that Azure's developer tools share. It exists in every tenant, for user sign-in.</summary>
    private static readonly Guid _developerTools = new("04b07795-8ddb-461a-bbee-02f9e1bf7b46");

    /// <summary>The sign-in name of the tenant's one user.</summary>
    private const string UserName = "user@emulator.invalid";

    private readonly Guid _userId = Guid.NewGuid();

    /// <exception cref="EntraError">The request names another tenant.</exception>
    public void RequireTenant(string tenant)
    {
        if (!Guid.TryParse(tenant, out Guid id) || id != options.TenantId)
        {
            throw EntraError.TenantNotFound(tenant);
        }
    }

    /// <summary>Accepts also "organizations" and "common": for these Entra finds the tenant by the user.</summary>
    /// <exception cref="EntraError">The request names another tenant.</exception>
    public void RequireTenantForUsers(string tenant)
    {
        if (tenant is not ("organizations" or "common"))
        {
            RequireTenant(tenant);
        }
    }

    /// <exception cref="EntraError">The request names another application than the one with a secret.</exception>
    public void RequireApplication(string clientId)
    {
        if (!Guid.TryParse(clientId, out Guid id) || id != options.ClientId)
        {
            throw EntraError.ClientNotFound(clientId, options.TenantId);
        }
    }

    /// <returns>The client id of an application for user sign-in.</returns>
    /// <exception cref="EntraError">The application is not in this tenant.</exception>
    public Guid GetUserApplication(string clientId) =>
        Guid.TryParse(clientId, out Guid id) && (id == options.ClientId || id == _developerTools)
            ? id
            : throw EntraError.ClientNotFound(clientId, options.TenantId);

    /// <exception cref="EntraError">The tenant has no user with the name.</exception>
    public void RequireUser(string userName)
    {
        if (!string.Equals(userName, UserName, StringComparison.OrdinalIgnoreCase))
        {
            throw EntraError.UserNotFound(options.TenantId);
        }
    }

    /// <returns>The tenant's one user, signed in to the application.</returns>
    public EntraPrincipal SignedInUser(Guid clientId) => new(clientId, _userId, UserName);
}
