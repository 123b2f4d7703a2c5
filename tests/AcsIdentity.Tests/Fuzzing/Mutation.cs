using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>Changes that make a wrong text from a right one. They are data, so that a text that is made later can be changed too.</summary>
internal sealed class Mutation(IReadOnlyList<Mutation.Edit> edits)
{
    /// <summary>What means something to one of the parsers, or to none.</summary>
    private static readonly string[] _pieces =
    [
        "\0", "\t", "\n", "\r\n", " ", "\u00a0", "\u2028", "\u202e", "\u200f", "\ufeff", "\u0130", "\u017f", "\u212a", "\u00e9", "\ud83d\ude00", "\ud800", "\udc00", "\uffff",
        "%", "%0", "%00", "%0d%0a", "%2f", "%2F..", "%ed%a0%80", "%ff", "%25", "+", "=", "==", "&", "?", "#", "/", "//", "/../", "\\", ".", "..", ";", ":", ",", "@", "[", "]", "[::1]",
        "\"", "'", "\\\"", "\\ud800", "\\udc00", "\\u0000", "{", "}", "{}", "[]", "null", "true", "\"a\":1,", "<", ">", "<script>", "*", "~", "-", "_", "!", "$", "|", "^", "`",
        "0", "1", "-1", "00", "1.5", "1e999", "-1e400", "2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999999999999999", "0x10", "NaN", "\u0661",
        "T", "Z", "+14:00", "-00:00", "0001-01-01", "9999-12-31T23:59:59.9999999Z", "24:00", "8:acs:", "8:orgid:", "Bearer ", "HMAC-SHA256 ", "https://", "http://localhost",
    ];

    /// <summary>A few changes; often none, so that parts that other mutations do not touch stay right.</summary>
    public static Gen<Mutation> Any { get; } = Gen.Frequency<Mutation>((2, Edits(0, 0)), (5, Edits(1, 1)), (3, Edits(2, 5)));

    /// <summary>At least one change.</summary>
    public static Gen<Mutation> Some { get; } = Gen.Frequency<Mutation>((3, Edits(1, 1)), (2, Edits(2, 6)));

    /// <summary>One of the texts, changed.</summary>
    public static Gen<string> Of(params string[] texts) => Gen.Select(Gen.OneOf(texts), Any, (text, mutation) => mutation.Apply(text));

    public string Apply(string text) => edits.Aggregate(text, (current, edit) => edit.Apply(current));

    private static Gen<Mutation> Edits(int least, int most) => Gen.Select(
            Gen.Int[0, 8],
            Gen.Double[0, 1],
            Gen.Double[0, 1],
            Gen.OneOf(_pieces),
            Gen.Frequency<int>((40, Gen.Int[1, 3]), (10, Gen.Int[4, 100]), (1, Gen.Int[1000, 9000])),
            (kind, start, length, piece, count) => new Edit(kind, start, length, piece, count))
        .Array[least, most].Select(edits => new Mutation(edits));

    /// <summary>One change of a range of the text.</summary>
    /// <param name="Kind">The kind of change.</param>
    /// <param name="Start">Where the range begins: 0 for the start of the text, 1 for its end.</param>
    /// <param name="Share">How much of the rest of the text is in the range; mostly little.</param>
    /// <param name="Piece">The text to insert.</param>
    /// <param name="Count">How often to insert something.</param>
    internal sealed record Edit(int Kind, double Start, double Share, string Piece, int Count)
    {
        /// <summary>More than the emulator accepts as a body.</summary>
        private const int MaxLength = 70_000;

        public string Apply(string text)
        {
            int start = (int)(Start * text.Length);
            int length = (int)Math.Ceiling(Share * Share * Share * (text.Length - start));
            string before = text.Substring(0, start);
            string range = text.Substring(start, length);
            string after = text.Substring(start + length);
            return Kind switch
            {
                0 => before + after,
                1 => before + Piece + range + after,
                2 => before + Piece + after,
                3 => before + Repeat(range) + after,
                4 => after + range + before,
                5 => before + Repeat(Piece) + range + after,
                6 => before + string.Concat(range.Select(character => char.IsUpper(character) ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character))) + after,
                7 => before + range,
                _ => before + string.Concat(range.Take(1).Select(first => (char)(first ^ (1 << (Count % 8))))) + string.Concat(range.Skip(1)) + after,
            };
        }

        private string Repeat(string text) => text.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text, Math.Min(Count, (MaxLength / text.Length) + 1)));
    }
}
