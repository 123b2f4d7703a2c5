using System;
using System.Globalization;
using AcsIdentity.Shared;

namespace AcsIdentity.Models;

/// <summary>What the views of this module show of a text from outside.</summary>
public static class ViewText
{
    /// <summary>PowerShell breaks text between words in the cultures of these languages, and after any letter in all others.</summary>
    private static readonly string[] _languagesWithWords = ["de", "en", "es", "fr", "it", "pt"];

    /// <summary>Returns the text with control characters and marks of direction as escapes, such as \u001b. Null becomes an empty string.</summary>
    /// <param name="value">The text; of any other object, the text that it has.</param>
    public static string Of(object? value) => VisibleText.Of(value?.ToString() ?? "");

    /// <summary>Returns an id, the last word of its line. Where PowerShell would break it, it begins a line of its own.</summary>
    /// <param name="value">The id.</param>
    public static string OfId(object? value) =>
        (Array.IndexOf(_languagesWithWords, CultureInfo.CurrentCulture.TwoLetterISOLanguageName) < 0 ? "\n" : "") + Of(value);
}
