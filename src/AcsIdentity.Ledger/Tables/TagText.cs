using System;
using System.Text;
using AcsIdentity.Ports;

namespace AcsIdentity.Ledger.Tables;

/// <summary>Checks that a row can have a tag as it is.</summary>
internal static class TagText
{
    /// <summary>The longest text of a property, in UTF-16 code units.</summary>
    private const int MaxLength = 32_767;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="LedgerException">The table cannot have the tag.</exception>
    public static void Require(string? tag, string location)
    {
        string? problem = tag is null ? null
            : tag.Length > MaxLength ? FormattableString.Invariant($"A tag may have at most {MaxLength:N0} characters in a table, and this one has {tag.Length:N0}.")
            : !IsUnicode(tag) ? "A tag has half of a surrogate pair, which is no character."
            : null;
        if (problem is not null)
        {
            throw new LedgerException(LedgerFailureKind.Invalid, location, problem + " Use another tag.");
        }
    }

    private static bool IsUnicode(string text)
    {
        try
        {
            _strict.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
