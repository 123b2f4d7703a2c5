using System;
using System.Collections;
using System.Management.Automation;
using AcsIdentity.Models;

namespace AcsIdentity.Parameters;

/// <summary>
/// What -Identity takes: an identity, a token, an id, or any object with a property Id, such as a row of a CSV file or
/// a deserialized object.
/// </summary>
internal static class IdentityInput
{
    /// <summary>Finds the id in the input.</summary>
    /// <exception cref="FormatException">There is none, or it is no id. The message says what is wrong.</exception>
    public static string ReadId(PSObject? input)
    {
        string id = (input?.BaseObject as string ?? Read(input, "Id"))?.Trim()
            ?? throw new FormatException("An identity is needed: an object with a property Id, or the id itself.");

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
            return Read(input, "Tag") is { Length: > 0 } tag ? tag : null;
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

    private static string? Read(PSObject? input, string name)
    {
        try
        {
            object? value = input?.BaseObject is IDictionary table ? table[name] : input?.Properties[name]?.Value;
            return value is null ? null : LanguagePrimitives.ConvertTo<string>(value);
        }
        catch (GetValueException unreadable)
        {
            throw new FormatException($"The object's property {name} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>A mistaken input may be a key or a token; what begins like an id is neither.</summary>
    private static string Shorten(string text)
    {
        int longest = text.StartsWith("8:", StringComparison.Ordinal) ? 160 : 40;
        return text.Length <= longest ? text : text.Substring(0, 12) + "...";
    }
}
