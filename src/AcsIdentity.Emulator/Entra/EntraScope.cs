using System;
using System.Linq;

namespace AcsIdentity.Emulator.Entra;

/// <summary>
/// What a token request asks for: a resource, and permissions on it. The scope https://communication.azure.com//.default names the
/// resource https://communication.azure.com/ and no single permission.
/// </summary>
/// <param name="Resource">The resource: the audience of the token.</param>
/// <param name="Permissions">The permissions, separated by spaces, as in the claim scp; empty for the scope .default.</param>
/// <param name="Text">The scopes without those of OpenID Connect.</param>
/// <param name="IsOffline">Whether the client also asks for a refresh token.</param>
internal sealed record EntraScope(string Resource, string Permissions, string Text, bool IsOffline)
{
    private const string Default = ".default";
    private const string OfflineAccess = "offline_access";

    /// <summary>Scopes that a user sign-in may add to the resource (OpenID Connect Core 1.0, sections 5.4 and 11).</summary>
    private static readonly string[] _openIdScopes = ["openid", "profile", "email", OfflineAccess];

    /// <exception cref="EntraError">The scope is not .default of one resource.</exception>
    public static EntraScope ForApplication(string scope) =>
        scope.IndexOf(' ') < 0 && Read(scope, isOffline: false) is { Permissions.Length: 0 } read ? read : throw EntraError.ApplicationScopeInvalid(scope);

    /// <exception cref="EntraError">The scopes are not .default of one resource, or permissions on one resource.</exception>
    public static EntraScope ForUser(string scope)
    {
        string[] asked = scope.Split(' ');
        bool isOffline = asked.Contains(OfflineAccess);
        EntraScope?[] read = asked.Except(_openIdScopes).Select(text => Read(text, isOffline)).ToArray();
        if (read is [{ } only])
        {
            return only;
        }

        return read is [{ } first, ..] && Array.TrueForAll(read, next => next?.Resource == first.Resource && next.Permissions.Length > 0)
            ? first with { Permissions = string.Join(" ", read.Select(next => next!.Permissions)), Text = string.Join(" ", read.Select(next => next!.Text)) }
            : throw EntraError.UserScopeInvalid(scope);
    }

    /// <returns>The scope; null if it does not name a resource.</returns>
    private static EntraScope? Read(string scope, bool isOffline)
    {
        int end = scope.LastIndexOf('/');
        string name = scope.Substring(end + 1);
        return end > 0 && name.Length > 0 ? new EntraScope(scope.Substring(0, end), name == Default ? "" : name, scope, isOffline) : null;
    }
}
