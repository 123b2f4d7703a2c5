using System;
using System.Collections.Generic;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Models;
using AcsIdentity.Ports;

namespace AcsIdentity.Benchmarks;

/// <summary>A service that answers at once, so that only the cmdlets take time. Public because PowerShell calls it.</summary>
public sealed class InstantService : IIdentityService
{
    private readonly Task<CreatedIdentity> _created = Task.FromResult(new CreatedIdentity("8:acs:00000000-0000-0000-0000-000000000000_00000000-0000-0000-0000-000000000000", null));
    private readonly Task<IssuedToken> _issued = Task.FromResult(new IssuedToken(Secret.FromText("token"), DateTimeOffset.UtcNow.AddDays(1)));

    private InstantService()
    {
    }

    /// <inheritdoc/>
    public ServiceQuota Quota { get; set; } = ServiceQuota.Unlimited;

    /// <summary>Returns a connection to a new service.</summary>
    public static AcsConnection Connect() => new(new Uri("https://localhost"), "none", nameof(InstantService), "none", new InstantService());

    /// <inheritdoc/>
    public Task<CreatedIdentity> CreateAsync(IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken) => _created;

    /// <inheritdoc/>
    public Task<IssuedToken> IssueTokenAsync(
        string id, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, TimeSpan timeout, CancellationToken cancellationToken) => _issued;

    /// <inheritdoc/>
    public Task<IssuedToken> ExchangeTeamsTokenAsync(
        SecureString teamsUserToken, Guid clientId, Guid userObjectId, TimeSpan timeout, CancellationToken cancellationToken) => _issued;

    /// <inheritdoc/>
    public Task RevokeTokensAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DeleteAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<TeamsExtensionAssignment> SetAssignmentAsync(TeamsExtensionAssignment assignment, TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<TeamsExtensionAssignment> GetAssignmentAsync(Guid tenantId, Guid objectId, TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public Task RemoveAssignmentAsync(Guid tenantId, Guid objectId, TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<ExchangedToken> ExchangeTeamsExtensionTokenAsync(SecureString userToken, TimeSpan timeout, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public Task ValidateAsync(TimeSpan timeout, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void LogTo(Action<string>? reader, Action<string>? retries)
    {
    }

    /// <inheritdoc/>
    public TimeSpan QuotaWait(IdentityOperation operation) => TimeSpan.Zero;
}
