using System.Collections.Generic;
using System.Management.Automation;
using System.Text;
using AcsIdentity.Ports;

namespace AcsIdentity.Parameters;

/// <summary>A tag to look for, or a pattern with wildcards. Compared with case: two users may differ in nothing else.</summary>
internal sealed class TagPattern
{
    private static readonly HashSet<char> _wildcards = ['*', '?', '[', ']'];

    private readonly WildcardPattern? _pattern;
    private readonly string _literal;

    /// <exception cref="WildcardPatternException">The pattern is not valid.</exception>
    public TagPattern(string text)
    {
        if (WildcardPattern.ContainsWildcardCharacters(text))
        {
            _pattern = new WildcardPattern(text, WildcardOptions.None);
            _literal = ReadLiteralBeginning(text);
            // An invalid pattern is found at its first use.
            _pattern.IsMatch("");
        }
        else
        {
            _literal = WildcardPattern.Unescape(text);
        }
    }

    /// <summary>The tag if there are no wildcards; else null.</summary>
    public string? Tag => _pattern is null ? _literal : null;

    /// <summary>Limits a search to what the ledger can find by its index. The caller filters the rest by <see cref="IsMatch"/>.</summary>
    public IdentityQuery Limit(IdentityQuery query) => _pattern is null ? query with { Tag = _literal } : query with { TagPrefix = _literal };

    public bool IsMatch(string? tag) => tag is not null && (_pattern?.IsMatch(tag) ?? tag == _literal);

    private static string ReadLiteralBeginning(string pattern)
    {
        var literal = new StringBuilder();
        for (int i = 0; i < pattern.Length && !_wildcards.Contains(pattern[i]); i++)
        {
            // A backtick makes the next character literal.
            if (pattern[i] == '`' && i + 1 < pattern.Length)
            {
                i++;
            }

            literal.Append(pattern[i]);
        }

        return literal.ToString();
    }
}
