using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>The section of the status page that lists identities and their tokens.</summary>
internal static class IdentitiesSection
{
    public static void Append(HtmlBuilder html, IdentityStore identities, DateTimeOffset now)
    {
        html.Append($"""
            <section id="identities">
            <h2>Identities</h2>
            <p class="quiet">{identities.Count:N0} in total, the newest {StatusPage.MaxRows} shown; <a href="/emulator/identities">more as JSON</a>. Times are in UTC.</p>
            <table>
            <thead><tr><th scope="col">Token</th><th scope="col">State</th><th scope="col">Scopes</th><th scope="col">Issued</th><th scope="col">Expires</th></tr></thead>

            """);
        foreach (Identity identity in identities.Newest(StatusPage.MaxRows))
        {
            AppendIdentity(html, identity, now);
        }

        html.Append($"</table>\n</section>\n");
    }

    /// <summary>Appends a row for the identity, so that the id fits on one line. Then one for each stored token, and a last row that counts the older ones.</summary>
    private static void AppendIdentity(HtmlBuilder html, Identity identity, DateTimeOffset now)
    {
        IReadOnlyList<TokenRecord> tokens = identity.NewestTokens;
        string query = "?id=" + Uri.EscapeDataString(identity.Id);
        html.Append($"""
            <tbody>
            <tr><th scope="rowgroup" colspan="5"><form method="post"><button type="button" class="copy scripted" aria-label="Copy {identity.Id}">Copy</button> <code>{identity.Id}</code>
            <p>
            """);
        if (identity.CustomId is { } customId)
        {
            html.Append($"Custom id <code>{customId}</code>, created");
        }
        else
        {
            html.Append($"Created");
        }

        html.Append($"""
             {StatusPage.Time(identity.CreatedAt)}
            <button formaction="/emulator/revoke{query}" aria-label="Revoke the tokens of {identity.Id}">Revoke</button>
            <button formaction="/emulator/delete{query}" aria-label="Delete {identity.Id}">Delete</button>
            </p></form></th></tr>
            <tr>
            """);
        foreach (TokenRecord token in tokens)
        {
            (string style, string state) = identity.IsRevoked(token.Number) ? ("bad", "revoked")
                : token.IsExpired(now) ? ("bad", "expired")
                : ("good", "valid");
            html.Append($"""
                <td>{token.Number}</td><td class="{style}">{state}</td><td>{token.Scopes}</td><td>{StatusPage.Time(token.IssuedAt)}</td><td>{StatusPage.Time(token.ExpiresOn)}</td></tr>
                <tr>
                """);
        }

        html.Append($"""
            <td class="quiet" colspan="5">{OlderTokens(identity.Tokens.Issued, tokens.Count)}</td></tr>
            </tbody>

            """);
    }

    private static string OlderTokens(long issued, int shown) => (issued - shown) switch
    {
        0 => shown == 0 ? "none" : "",
        long older => FormattableString.Invariant($"and {older:N0} older"),
    };
}
