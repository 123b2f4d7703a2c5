using System;
using System.Linq;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Reads the resource from a scope parameter. The scope https://communication.azure.com//.default names the resource https://communication.azure.com/.</summary>
internal static class EntraScope
{
    private const string Suffix = "/.default";

    /// <summary>Scopes that a user sign-in may add to the resource (OpenID Connect Core 1.0, sections 5.4 and 11).</summary>
    private static readonly string[] _openIdScopes = ["openid", "profile", "email", "offline_access"];

    /// <exception cref="EntraError">The scope does not name exactly one resource.</exception>
    public static string ResourceForApplication(string scope) => ResourceOf(scope) ?? throw EntraError.ApplicationScopeInvalid(scope);

    /// <exception cref="EntraError">The scope does not name exactly one resource.</exception>
    public static string ResourceForUser(string scope) =>
        scope.Split(' ').Except(_openIdScopes).ToArray() is [{ } only] && ResourceOf(only) is { } resource
            ? resource
            : throw EntraError.UserScopeInvalid(scope);

    public static string DefaultScope(string resource) => resource + Suffix;

    private static string? ResourceOf(string scope) =>
        scope.EndsWith(Suffix, StringComparison.Ordinal) && scope.Length > Suffix.Length && scope.IndexOf(' ') < 0
            ? scope.Substring(0, scope.Length - Suffix.Length)
            : null;
}
