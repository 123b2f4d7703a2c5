using System;

namespace AcsIdentity.Parameters.Completion;

/// <summary>The word that a completer gets.</summary>
internal static class CompletionWord
{
    /// <summary>Whether a candidate begins with the word, which may have a quotation mark before it.</summary>
    public static bool Fits(string wordToComplete, string candidate) =>
        candidate.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase);
}
