using System;
using System.Collections.Generic;
using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>Finds the access token that an input of -Identity already holds.</summary>
internal static class TokenInput
{
    /// <summary>
    /// Finds the token in a token object, in an identity that was created with a token, or as text in the property Token of a
    /// row or a deserialized object. Such a text counts only if its claims name the identity and the expiry.
    /// </summary>
    /// <param name="input">The object.</param>
    /// <param name="id">The identity that the token must be for.</param>
    /// <param name="scope">The scopes that the token must have, in any order.</param>
    /// <returns>Null if the input holds no such token.</returns>
    public static CommunicationToken? Find(PSObject input, string id, IEnumerable<string> scope)
    {
        CommunicationToken? token = input.BaseObject switch
        {
            CommunicationToken held => held,
            CommunicationIdentity identity => identity.AccessToken,
            string => null,
            _ => Read(input, id),
        };
        return token is not null && new HashSet<string>(token.Scope).SetEquals(scope) ? token : null;
    }

    private static PlainTextCommunicationToken? Read(PSObject input, string id)
    {
        try
        {
            return FindText(input)?.Trim() is { Length: > 0 } text
                && CommunicationTokenClaims.Read(text) is { Expiry: { } expiry } claims
                && claims.Id == id
                    ? new PlainTextCommunicationToken(id, claims.Scope, expiry, text, IdentityInput.ReadTag(input), createdBy: null)
                    : null;
        }
        catch (FormatException)
        {
            // A secure token, for example, is in a file as the name of its type.
            return null;
        }
    }

    private static string? FindText(PSObject input) =>
        IdentityInput.Read(input, "Token") is string text ? text
        : IdentityInput.Read(input, "AccessToken") is { } token and not string ? IdentityInput.Read(PSObject.AsPSObject(token), "Token") as string
        : null;
}
