using System;
using System.Management.Automation;
using System.Text.RegularExpressions;
using AcsIdentity.Ports;

namespace AcsIdentity.Parameters;

/// <summary>Reads the parameters of Connect-AcsIdentity for a sign-in to Microsoft Entra ID.</summary>
/// <remarks>Every method throws <see cref="FormatException"/> if a value is wrong. No message contains a secret.</remarks>
internal static class EntraCredentialInput
{
    private static readonly Regex _tenant = new(@"^[A-Za-z0-9][A-Za-z0-9.-]*\z", RegexOptions.CultureInvariant);

    /// <summary>Checks that the endpoint uses https. Anyone on the network could read a token that is sent over http.</summary>
    public static Uri ReadEndpoint(Uri endpoint) =>
        endpoint.Scheme == Uri.UriSchemeHttps ? endpoint : throw new FormatException("The endpoint must use https. Tokens of Entra ID are sent over https only.");

    /// <summary>Checks the authority. Null selects the authority of the endpoint's cloud.</summary>
    public static Uri? ReadAuthorityHost(Uri? authority) =>
        authority is null || (authority.IsAbsoluteUri && authority.Scheme == Uri.UriSchemeHttps)
            ? authority
            : throw new FormatException("The authority must be an https address, such as https://login.microsoftonline.com/.");

    /// <summary>Checks a tenant. Null selects the user's home tenant.</summary>
    public static string? ReadTenant(string? tenant) =>
        tenant is null || _tenant.IsMatch(tenant)
            ? tenant
            : throw new FormatException("A tenant must be a GUID or a domain name, such as contoso.onmicrosoft.com.");

    /// <summary>Reads a service principal. The user name is the application id, and the password is the secret.</summary>
    public static ServiceCredential.ClientSecret ReadClientSecret(string tenant, PSCredential credential) =>
        Guid.TryParse(credential.UserName, out Guid client) && credential.Password.Length > 0
            ? new ServiceCredential.ClientSecret(tenant, client.ToString(), credential.Password)
            : throw new FormatException("The user name must be the application id of a service principal, which is a GUID. The password must be its secret.");
}
