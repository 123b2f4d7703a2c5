using System;

namespace AcsIdentity.Ports;

/// <summary>Which tags every ledger can keep as they are. The cmdlets refuse others before they record anything.</summary>
public static class RecordableTag
{
    /// <summary>The longest text that a property in Azure Table Storage takes, which is 64 KiB of UTF-16.</summary>
    private const int MaximumLength = 32 * 1024 - 1;

    /// <summary>Finds out why a ledger cannot keep a tag. Returns null if it can.</summary>
    public static string? FindProblem(string tag)
    {
        if (tag.Length > MaximumLength)
        {
            return FormattableString.Invariant($"The tag has {tag.Length:N0} characters. A ledger keeps at most {MaximumLength:N0}.");
        }

        for (int i = 0; i < tag.Length; i++)
        {
            if (tag[i] == '\0')
            {
                return "The tag has a character NUL, which a ledger cannot keep.";
            }

            if (char.IsSurrogatePair(tag, i))
            {
                i++;
            }
            else if (char.IsSurrogate(tag[i]))
            {
                return "The tag has half of a surrogate pair, which is not valid text. A ledger cannot keep it.";
            }
        }

        return null;
    }
}
