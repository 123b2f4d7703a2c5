using System;
using System.Management.Automation;
using System.Security;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>Reads the text of an access token from the input of -Token.</summary>
internal static class TokenText
{
    /// <summary>Finds the token: the value itself, its property Token, or its property AccessToken (an identity's).</summary>
    /// <exception cref="FormatException">There is none. The message says why.</exception>
    public static string Find(object? value) => ArgumentValue.Unwrap(value) switch
    {
        SecureString secret => Secret.ToText(secret),
        SecureCommunicationToken token => Secret.ToText(token.GetToken()),
        // A CSV file has the type name in place of a SecureString.
        string text when text != typeof(SecureString).FullName => text,
        { } holder when holder is not string && PropertyOf(value!, "Token") is { } property => Find(property.Value),
        { } holder when holder is not string && PropertyOf(value!, "AccessToken") is { } property => Find(property.Value),
        _ => throw new FormatException(
            "There is no token in the object. An identity has one only if it was created with -Scope; use Get-AcsToken to issue one. " +
            "A token that was not asked for with -AsPlainText is left out where its object is saved to a file or sent to another process."),
    };

    private static PSPropertyInfo? PropertyOf(object value, string name) => PSObject.AsPSObject(value).Properties[name];
}
