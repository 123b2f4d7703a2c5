using AcsIdentity.Shared;

namespace AcsIdentity.Models;

/// <summary>What the views of this module show of a text from outside.</summary>
public static class ViewText
{
    /// <summary>Returns the text with control characters and marks of direction as escapes, such as \u001b. Null becomes an empty string.</summary>
    /// <param name="value">The text; of any other object, the text that it has.</param>
    public static string Of(object? value) => VisibleText.Of(value?.ToString() ?? "");
}
