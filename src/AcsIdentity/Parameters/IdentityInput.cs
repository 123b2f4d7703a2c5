using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Management.Automation;
using AcsIdentity.Calls;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>
/// Reads the input of -Identity: an identity, a token, an id, or any object with an id. Such an object may be a row of a
/// CSV file, a deserialized object or the output of another tool.
/// </summary>
internal static class IdentityInput
{
    private const string IdentityNeeded = "An identity is needed: an id, or an object with a property Id, CommunicationUserId, RawId or Identifier.";
    private const string TeamsUserPrefix = "8:orgid:";
    private const int MaximumListedNames = 5;

    /// <summary>
    /// The properties that may contain the id, the most specific first. CommunicationUserId is JavaScript's name, Id the
    /// one of .NET and of this module. RawId is in all client libraries and in the output of "az communication identity
    /// user create", user_id in that of "... token issue".
    /// </summary>
    private static readonly string[] _idProperties = ["CommunicationUserId", "Id", "RawId", "Identifier", "user_id"];

    /// <summary>The properties that contain the identity when the client libraries or the REST API return a new token.</summary>
    private static readonly string[] _identityProperties = ["User", "Identity"];

    /// <summary>Finds the id in the input.</summary>
    /// <exception cref="FormatException">There is no id, or it is not valid. The message says what is wrong.</exception>
    public static string ReadId([NotNull] PSObject? input)
    {
        string? found = input?.BaseObject switch
        {
            null => throw new FormatException("The identity is null. " + IdentityNeeded),
            string text => text,
            RecordedCommunicationIdentity { Id: "" } recorded => throw new FormatException($"The identity has no id: its create has no answer, and its state is {recorded.State}."),
            ICreated created => created.Id,
            _ => FindId(input) ?? _identityProperties.Select(property => FindId(Read(input, property))).FirstOrDefault(id => id is not null),
        };
        string id = (found ?? throw new FormatException(IdentityNeeded + DescribeProperties(input))).Trim();
        if (id.Length == 0)
        {
            throw new FormatException("The identity's id is empty.");
        }

        return AcsId.IsValid(id) ? id
            : id.StartsWith(TeamsUserPrefix, StringComparison.Ordinal) ? throw new FormatException(
                $"'{Shorten(id)}' is a Teams user, not an identity of a resource. For another token of a Teams user, exchange an Entra token: Get-AcsToken -TeamsUserToken.")
            : AcsId.IsValid(id.ToLowerInvariant()) ? throw new FormatException($"'{Shorten(id)}' is written in capitals. Ids are in lower case: {id.ToLowerInvariant()}.")
            : throw new FormatException($"'{Shorten(id)}' is not the id of an identity. An id looks like 8:acs:<resource id>_<user id>, with two GUIDs.");
    }

    /// <summary>Reads the tag, the caller's name for the identity. Returns null if the input has none.</summary>
    public static string? ReadTag(PSObject? input)
    {
        try
        {
            // In a CSV file a missing tag is an empty string.
            return input is not null && ReadText(input, "Tag") is { Length: > 0 } tag ? tag : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Gets a name of the input for a message: its id, else its tag, else null.</summary>
    public static string? GetDisplayName(PSObject? input)
    {
        try
        {
            return ReadId(input);
        }
        catch (FormatException)
        {
            return ReadTag(input);
        }
    }

    /// <summary>Gets the target object of an error record: the input, with a long text shortened.</summary>
    public static object? GetErrorTarget(PSObject? input) => input?.BaseObject is string text ? Shorten(text) : input;

    /// <returns>Null if there is no property for an id. Empty if all of them are empty.</returns>
    private static string? FindId(object? candidate)
    {
        // A row may have a string in a property such as User, for example the user's name.
        if (candidate is null or string)
        {
            return null;
        }

        IEnumerable<string> ids = _idProperties.Select(name => ReadText(PSObject.AsPSObject(candidate), name)).OfType<string>();
        return ids.FirstOrDefault(id => !string.IsNullOrWhiteSpace(id)) ?? ids.FirstOrDefault();
    }

    private static string? ReadText(PSObject input, string name) => Read(input, name) is { } value ? LanguagePrimitives.ConvertTo<string>(value) : null;

    /// <summary>Reads a property, or the value of a dictionary's key.</summary>
    /// <returns>Null if there is no such property. Empty if its value is null.</returns>
    /// <exception cref="FormatException">The property cannot be read.</exception>
    public static object? Read(PSObject input, string name)
    {
        try
        {
            if (input.BaseObject is IDictionary table)
            {
                string? key = table.Keys.OfType<string>().FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase));
                return key is null ? null : table[key] ?? "";
            }

            return input.Properties[name] is { } property ? property.Value ?? "" : null;
        }
        catch (GetValueException unreadable)
        {
            throw new FormatException($"The property {name} of the object cannot be read: {unreadable.Message}");
        }
    }

    private static string DescribeProperties(PSObject input)
    {
        // If a CSV file has no header, the values of its first row are the names, so they may be secrets.
        string[] names = (input.BaseObject is IDictionary table ? table.Keys.OfType<string>() : input.Properties.Select(property => property.Name)).Select(Shorten).ToArray();
        return names.Length == 0 ? ""
            : $" This one has {string.Join(", ", names.Take(MaximumListedNames))}{(names.Length > MaximumListedNames ? $" and {names.Length - MaximumListedNames} more" : "")}.";
    }

    /// <summary>Shortens a wrong input, which may be a key or a token. An input that begins like an id is neither, and may be longer.</summary>
    private static string Shorten(string text)
    {
        int maximumLength = text.StartsWith("8:", StringComparison.Ordinal) ? 160 : 40;
        return text.Length <= maximumLength ? text : text.Substring(0, 12) + "...";
    }
}
