using System;
using System.Text.Json;
using System.Text.RegularExpressions;
using AcsIdentity.Service.Transport;

namespace AcsIdentity.Service;

/// <summary>The service's answer to a create, read without the client library: a part that the library cannot read must not cost the id.</summary>
internal static class CreateAnswer
{
    /// <summary>The HTTP status of a create that succeeded.</summary>
    public const int Status = 201;

    private const int MaximumLength = 256;
    private const int ShownLength = 60;

    // Wider than the form of ids that users may write: a form that is not known yet must not cost an identity.
    private static readonly Regex _form = new(@"\A8:(acs|gcch-acs|dod-acs):[!-~]+\z", RegexOptions.CultureInvariant);

    /// <summary>Returns the id of a new identity if it looks like one.</summary>
    /// <exception cref="UnusableAnswerException">It does not. The message shows what came, shortened.</exception>
    public static string RequireId(string? id) =>
        id is { Length: <= MaximumLength } && _form.IsMatch(id)
            ? id
            : throw new UnusableAnswerException(Status, $"The answer has no id of an identity, but '{Shorten(id ?? "")}'.");

    /// <summary>Finds the id in an answer, up to the first part that is no JSON.</summary>
    /// <returns>Null if there is none.</returns>
    public static string? FindId(BinaryData json)
    {
        var reader = new Utf8JsonReader(json.ToMemory().Span);
        try
        {
            return FindMember(ref reader, "identity") && FindMember(ref reader, "id") && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // No JSON, or no Unicode.
            return null;
        }
    }

    /// <summary>Reads into the object that comes next, up to the value of a member.</summary>
    private static bool FindMember(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.None)
        {
            reader.Read();
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isFound = reader.ValueTextEquals(name);
            reader.Read();
            if (isFound)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static string Shorten(string text) => text.Length <= ShownLength ? text : FormattableString.Invariant($"{text.Substring(0, ShownLength)}... ({text.Length:N0} characters)");
}
