using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>The page for people: what the emulator holds and was asked for. It is whole without its script, which only keeps it up to date.</summary>
internal sealed class StatusPage(IdentityEmulator emulator, IdentityStore identities, TimeProvider clock)
{
    private const int MaxRows = 100;

    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly string _style = ReadResource("StatusPage.css");
    private static readonly string _script = ReadResource("StatusPage.js");

    public static EmulatorResponse Style() => EmulatorResponse.Document(200, "text/css", _style, ContentSecurityPolicy);

    public static EmulatorResponse Script() => EmulatorResponse.Document(200, "text/javascript", _script, ContentSecurityPolicy);

    public EmulatorResponse Render()
    {
        var html = new HtmlBuilder();
        // The empty icon is there so that no browser asks for one.
        html.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Communication Services emulator</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="/emulator/page.css">
            <script src="/emulator/page.js" defer></script>
            </head>
            <body>
            <header>
            <h1>Communication Services emulator</h1>
            <p>Resource <code>{emulator.ResourceId}</code></p>
            <noscript><p>Reload the page to see what has changed.</p></noscript>
            <p id="lost" role="alert" hidden>The emulator does not answer. This is what it last said.</p>
            </header>
            <main>

            """);
        AppendIdentities(html);
        AppendFaults(html);
        AppendRequests(html);
        html.Append($"""
            </main>
            </body>
            </html>

            """);
        return EmulatorResponse.Page(200, html, ContentSecurityPolicy);
    }

    private void AppendIdentities(HtmlBuilder html)
    {
        html.Append($"""
            <section id="identities">
            <h2>Identities</h2>
            <p class="quiet">{identities.Count:N0} in all, the newest {MaxRows} here; <a href="/emulator/identities">more as JSON</a>. Times are in UTC.</p>
            <table>
            <thead><tr><th scope="col">Identity</th><th scope="col">Created</th><th scope="col">Actions</th><th scope="col">Token</th><th scope="col">State</th><th scope="col">Scopes</th><th scope="col">Issued</th><th scope="col">Expires</th></tr></thead>

            """);
        foreach (IdentityStore.Identity identity in identities.Newest(MaxRows))
        {
            AppendIdentity(html, identity);
        }

        html.Append($"</table>\n</section>\n");
    }

    /// <summary>A group of rows: one for each token that is remembered, and a last one for the rest.</summary>
    private void AppendIdentity(HtmlBuilder html, IdentityStore.Identity identity)
    {
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<TokenRecord> tokens = identity.NewestTokens;
        int rows = tokens.Count + 1;
        string query = "?id=" + Uri.EscapeDataString(identity.Id);
        html.Append($"""
            <tbody>
            <tr><th scope="rowgroup" class="long" rowspan="{rows}"><code>{identity.Id}</code>
            """);
        if (identity.CustomId is { } customId)
        {
            html.Append($"""<br>custom id <code>{customId}</code>""");
        }

        html.Append($"""
            </th><td rowspan="{rows}">{Time(identity.CreatedAt)}</td>
            <td rowspan="{rows}"><form method="post">
            <button formaction="/emulator/revoke{query}" aria-label="Revoke the tokens of {identity.Id}">Revoke</button>
            <button formaction="/emulator/delete{query}" aria-label="Delete {identity.Id}">Delete</button>
            </form></td>
            """);
        foreach (TokenRecord token in tokens)
        {
            (string look, string state) = identity.IsRevoked(token.Number) ? ("bad", "revoked")
                : token.IsExpired(now) ? ("bad", "expired")
                : ("good", "valid");
            html.Append($"""
                <td>{token.Number}</td><td class="{look}">{state}</td><td>{token.Scopes}</td><td>{Time(token.IssuedAt)}</td><td>{Time(token.ExpiresOn)}</td></tr>
                <tr>
                """);
        }

        html.Append($"""
            <td class="quiet" colspan="5">{OtherTokens(identity.Tokens.Issued, tokens.Count)}</td></tr>
            </tbody>

            """);
    }

    private static string OtherTokens(long issued, int shown) => (issued - shown) switch
    {
        0 => shown == 0 ? "none" : "",
        long older => FormattableString.Invariant($"and {older:N0} older"),
    };

    private void AppendFaults(HtmlBuilder html)
    {
        html.Append($"""
            <section id="faults">
            <h2>Faults in force</h2>
            <table>
            <thead><tr><th scope="col">Kind</th><th scope="col">Operation</th><th scope="col">Befalls</th><th scope="col">So far</th></tr></thead>
            <tbody>

            """);
        foreach ((Fault fault, int hits) in emulator.Faults.Faults)
        {
            string befalls = fault switch
            {
                { Next: { } next } => FormattableString.Invariant($"the first {next:N0} calls"),
                { Every: { } every } => FormattableString.Invariant($"one call in {every:N0}"),
                _ => FormattableString.Invariant($"calls with probability {fault.Probability}"),
            };
            html.Append($"<tr><td>{fault.Kind} {fault.Status}</td><td>{(object?)fault.Operation ?? "all"}</td><td>{befalls}</td><td>{hits:N0}</td></tr>\n");
        }

        html.Append($"</tbody></table>\n</section>\n");
    }

    private void AppendRequests(HtmlBuilder html)
    {
        html.Append($"""
            <section id="requests">
            <h2>Requests</h2>
            <p class="quiet">{emulator.RequestCount:N0} in all, the newest {MaxRows} here; <a href="/emulator/requests">more as JSON</a>. Times are in UTC.</p>
            <table>
            <thead><tr><th scope="col">Number</th><th scope="col">Time</th><th scope="col">Status</th><th scope="col">Took</th><th scope="col">Request</th><th scope="col">Client</th></tr></thead>
            <tbody>

            """);
        foreach (LoggedRequest logged in emulator.Requests.Take(MaxRows))
        {
            string look = logged.Status < 400 ? "good" : "bad";
            html.Append($"""
                <tr><td>{logged.Number}</td><td>{Time(logged.Time)}</td><td class="{look}">{(object?)logged.Status ?? "no answer"} {logged.Fault}</td><td>{logged.Duration.TotalMilliseconds:N1} ms</td>
                <td class="long"><code>{logged.Method} {logged.Target}</code></td><td class="long"><code>{logged.UserAgent}</code></td></tr>

                """);
        }

        html.Append($"</tbody></table>\n</section>\n");
    }

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string ReadResource(string name)
    {
        using Stream resource = typeof(StatusPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
