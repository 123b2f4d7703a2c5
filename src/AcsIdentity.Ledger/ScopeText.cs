using System.Collections.Generic;

namespace AcsIdentity.Ledger;

/// <summary>The scopes of a token as a store keeps them: one text with commas, or nothing for the token of a Teams Phone user, which has none.</summary>
internal static class ScopeText
{
    public static string? Of(IReadOnlyCollection<string> scopes) => scopes.Count == 0 ? null : string.Join(",", scopes);

    public static string[] Read(string? text) => text?.Split(',') ?? [];
}
