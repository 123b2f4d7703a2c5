using System.Globalization;
using System.Text;

namespace AcsIdentity.Shared;

/// <summary>
/// Text from outside, for people. A terminal would carry out its control characters, a line break in it would forge a line of
/// a log, and marks of direction would change the order of what is read. They are shown as escapes, such as \u001b.
/// </summary>
internal static class VisibleText
{
    /// <summary>Returns the text with escapes. For text with several lines of our own, escape the parts.</summary>
    public static string Of(string text)
    {
        // Nearly all texts are as they should be, and each object that a cmdlet processes has some.
        foreach (char character in text)
        {
            if (IsHidden(character))
            {
                return Escape(text);
            }
        }

        return text;
    }

    /// <summary>Whether a character is not shown, but changes what is shown.</summary>
    public static bool IsHidden(char character) => character switch
    {
        < ' ' or (>= '\u007f' and <= '\u009f') => true,
        // Line and paragraph separator.
        '\u2028' or '\u2029' => true,
        // Marks, embeddings, overrides and isolates of direction.
        '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => true,
        _ => false,
    };

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (char character in text)
        {
            _ = IsHidden(character)
                ? escaped.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture))
                : escaped.Append(character);
        }

        return escaped.ToString();
    }
}
