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
/// What -Identity takes: an identity, a token, an id, or any object that holds an id, such as a row of a CSV file, a
/// deserialized object or an answer of another tool.
/// </summary>
internal static class IdentityInput
{
    private const string Needed = "An identity is needed: the id itself, or an object with a property Id, CommunicationUserId, RawId or Identifier.";
    private const int MostNames = 5;

    /// <summary>
    /// What an id goes by, first the name that means nothing else: CommunicationUserId in JavaScript, Id in .NET and here,
    /// RawId in all client libraries and "az communication identity user create", user_id in "... token issue".
    /// </summary>
    private static readonly string[] _names = ["CommunicationUserId", "Id", "RawId", "Identifier", "user_id"];

    /// <summary>Where the client libraries and the REST API keep the identity beside a new token.</summary>
    private static readonly string[] _holders = ["User", "Identity"];

    /// <summary>Finds the id in the input.</summary>
    /// <exception cref="FormatException">There is none, or it is no id. The message says what is wrong.</exception>
    public static string ReadId([NotNull] PSObject? input)
    {
        string? found = input?.BaseObject switch
        {
            null => throw new FormatException("The identity is null. " + Needed),
            string text => text,
            ICreated created => created.Id,
            _ => IdIn(input) ?? _holders.Select(holder => IdIn(Read(input, holder))).FirstOrDefault(id => id is not null),
        };
        string id = (found ?? throw new FormatException(Needed + DescribeProperties(input))).Trim();
        if (id.Length == 0)
        {
            throw new FormatException("The identity's id is empty.");
        }

        return AcsId.IsValid(id)
            ? id
            : throw new FormatException($"'{Shorten(id)}' is not the id of an identity. One looks like 8:acs:<resource id>_<user id>, each a GUID.");
    }

    /// <summary>The caller's own name for the identity; null where the input does not know it.</summary>
    public static string? ReadTag(PSObject? input)
    {
        try
        {
            // In a CSV file nothing is an empty text.
            return input is not null && ReadText(input, "Tag") is { Length: > 0 } tag ? tag : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>What a message may call the input: its id, or where that is none its tag; null where it has neither.</summary>
    public static string? NameOf(PSObject? input)
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

    /// <summary>The input as an error record may show it.</summary>
    public static object? TargetOf(PSObject? input) => input?.BaseObject is string text ? Shorten(text) : input;

    /// <returns>Empty where all properties for an id are; null where there is none.</returns>
    private static string? IdIn(object? holder)
    {
        // A row may have a text by the name of a holder, such as a user's name.
        if (holder is null or string)
        {
            return null;
        }

        IEnumerable<string> ids = _names.Select(name => ReadText(PSObject.AsPSObject(holder), name)).OfType<string>();
        return ids.FirstOrDefault(id => !string.IsNullOrWhiteSpace(id)) ?? ids.FirstOrDefault();
    }

    private static string? ReadText(PSObject input, string name) => Read(input, name) is { } value ? LanguagePrimitives.ConvertTo<string>(value) : null;

    /// <returns>An empty text where there is nothing in the property; null where there is no such property.</returns>
    private static object? Read(PSObject input, string name)
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
            throw new FormatException($"The object's property {name} cannot be read: {unreadable.Message}");
        }
    }

    private static string DescribeProperties(PSObject input)
    {
        // Where a CSV file has no header, its first row makes the names.
        string[] names = (input.BaseObject is IDictionary table ? table.Keys.OfType<string>() : input.Properties.Select(property => property.Name)).Select(Shorten).ToArray();
        return names.Length == 0 ? ""
            : $" This one has {string.Join(", ", names.Take(MostNames))}{(names.Length > MostNames ? $" and {names.Length - MostNames} more" : "")}.";
    }

    /// <summary>A mistaken input may be a key or a token; what begins like an id is neither.</summary>
    private static string Shorten(string text)
    {
        int longest = text.StartsWith("8:", StringComparison.Ordinal) ? 160 : 40;
        return text.Length <= longest ? text : text.Substring(0, 12) + "...";
    }
}
