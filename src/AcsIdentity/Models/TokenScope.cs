using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace AcsIdentity.Models;

/// <summary>
/// The scopes of an access token. The text form separates them with commas, so that Export-Csv keeps them. Lists with the same
/// text are equal. The order matters, because Sort-Object and Compare-Object compare the text.
/// </summary>
public sealed class TokenScope : ReadOnlyCollection<string>, IEquatable<TokenScope>
{
    private static readonly char[] _separators = [',', ';', ' '];

    internal TokenScope(IEnumerable<string> scopes)
        : base(scopes.ToArray())
    {
    }

    /// <summary>The scopes of API version 2023-10-01.</summary>
    internal static IReadOnlyList<string> Known { get; } = ["chat", "chat.join", "chat.join.limited", "voip", "voip.join"];

    /// <summary>Makes a list of known scopes.</summary>
    /// <exception cref="ArgumentException">There is no list, or it has an unknown scope.</exception>
    internal static TokenScope Require(IEnumerable<string> scopes)
    {
        string[] names = Split(scopes ?? throw new ArgumentNullException(nameof(scopes)));
        return names.All(Known.Contains) ? new TokenScope(names) : throw new ArgumentException($"The scopes are {string.Join(", ", Known)}.", nameof(scopes));
    }

    /// <inheritdoc/>
    public bool Equals(TokenScope? other) => other is not null && this.SequenceEqual(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TokenScope);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <inheritdoc/>
    public override string ToString() => string.Join(",", this);

    /// <summary>Splits texts with one or more scopes each. Returns each scope once, in lower case, as the service spells it.</summary>
    internal static string[] Split(IEnumerable<string?> texts) =>
        texts
            .SelectMany(text => (text ?? "").Split(_separators, StringSplitOptions.RemoveEmptyEntries))
#pragma warning disable CA1308 // The scopes of the service are in lower case.
            .Select(scope => scope.ToLowerInvariant())
#pragma warning restore CA1308
            .Distinct()
            .ToArray();
}
