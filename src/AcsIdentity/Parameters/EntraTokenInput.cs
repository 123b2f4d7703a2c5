using System;
using System.Linq;
using System.Security;
using AcsIdentity.Models;
using AcsIdentity.Ports;

namespace AcsIdentity.Parameters;

/// <summary>Reads Entra access tokens, and refuses those that the service would reject: they have expired, or are for another service.</summary>
/// <remarks>Every method throws <see cref="FormatException"/>. No message contains the token.</remarks>
internal static class EntraTokenInput
{
    // The end of both names depends on the cloud.
    private const string ServiceHost = "communication.azure.";
    private const string TeamsHost = "auth.msft." + ServiceHost;
    private const string TeamsExtensionPermission = "TeamsExtension.ManageCalls";
    private const string MicrosoftGraph = "00000003-0000-0000-c000-000000000000";

    /// <summary>Reads a token for a Communication Services resource.</summary>
    public static ServiceCredential.AccessToken ReadServiceToken(SecureString token) =>
        new(token, ReadExpiry(token, ServiceHost, $"the resource https://{ServiceHost}com/", permission: null));

    /// <summary>Checks the token of a Teams user.</summary>
    public static void CheckTeamsUserToken(SecureString token) =>
        ReadExpiry(token, TeamsHost, $"the scope https://{TeamsHost}com/Teams.ManageCalls", permission: null);

    /// <summary>Checks the token of a Teams Phone user.</summary>
    public static void CheckTeamsExtensionToken(SecureString token) =>
        ReadExpiry(token, TeamsHost, $"the scope https://{TeamsHost}com/{TeamsExtensionPermission}", TeamsExtensionPermission);

    /// <param name="token">The token.</param>
    /// <param name="host">The begin of the host name in the token's audience.</param>
    /// <param name="request">What to request a token for.</param>
    /// <param name="permission">The permission that the token must have, if it names any; null for none.</param>
    private static DateTimeOffset ReadExpiry(SecureString token, string host, string request, string? permission)
    {
        var claims = CommunicationTokenClaims.Read(Secret.ToText(token));
        if (claims.Id is not null)
        {
            throw new FormatException($"An access token of Entra ID is needed. This one is of the identity {claims.Id}.");
        }

        if (claims.Claims.TryGetValue("aud", out object? value) && value is string found && IsOther(found, host))
        {
            throw new FormatException($"The access token is for {found}. Get one for {request}.");
        }

        if (permission is not null && claims.Claims.TryGetValue("scp", out value) && value is string permissions
            && !permissions.Split(' ').Contains(permission, StringComparer.OrdinalIgnoreCase))
        {
            throw new FormatException($"The access token has the permission {permissions}. Get one for {request}.");
        }

        DateTimeOffset expiresOn = claims.Expiry ?? throw new FormatException("The access token does not say when it expires.");
        return expiresOn > DateTimeOffset.UtcNow ? expiresOn : throw new FormatException($"The access token has expired ({expiresOn.UtcDateTime:u}). Get a new one.");
    }

    /// <summary>
    /// Whether a token is for another service. A v2.0 token has the id of an application as its audience; of these, only Graph's
    /// is certainly wrong.
    /// </summary>
    private static bool IsOther(string audience, string host) =>
        Uri.TryCreate(audience, UriKind.Absolute, out Uri? address)
            ? !address.Host.StartsWith(host, StringComparison.OrdinalIgnoreCase)
            : string.Equals(audience, MicrosoftGraph, StringComparison.OrdinalIgnoreCase);
}
