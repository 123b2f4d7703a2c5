using System;
using System.Linq;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Reads the scope parameter: the resource that all of its permissions are asked for. https://communication.azure.com//.default means https://communication.azure.com/.</summary>
internal static class EntraScope
{
    private const string Suffix = "/.default";

    /// <summary>What is asked for beside the resource when a user signs in (OpenID Connect Core 1.0, sections 5.4 and 11).</summary>
    private static readonly string[] _openIdScopes = ["openid", "profile", "email", "offline_access"];

    /// <exception cref="EntraError">It is not one resource.</exception>
    public static string ResourceForApplication(string scope) => ResourceOf(scope) ?? throw EntraError.ApplicationScopeInvalid(scope);

    /// <exception cref="EntraError">It is not one resource.</exception>
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
