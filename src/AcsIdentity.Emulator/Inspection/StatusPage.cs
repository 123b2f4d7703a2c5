using System;
using System.Globalization;
using System.IO;
using AcsIdentity.Emulator.Access;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>The status page for people: identities, faults, access assignments and requests. Without its script it does not refresh, filter or copy.</summary>
internal sealed class StatusPage(IdentityEmulator emulator, IdentityStore identities, Assignments assignments, TimeProvider clock)
{
    /// <summary>How many rows each section shows.</summary>
    public const int MaxRows = 100;

    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly string _style = ReadResource("StatusPage.css");
    private static readonly string _script = ReadResource("StatusPage.js");

    public static EmulatorResponse Style() => EmulatorResponse.Document(200, "text/css", _style, ContentSecurityPolicy);

    public static EmulatorResponse Script() => EmulatorResponse.Document(200, "text/javascript", _script, ContentSecurityPolicy);

    public EmulatorResponse Render()
    {
        var html = new HtmlBuilder();
        // The empty icon stops browsers from requesting /favicon.ico.
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
            <noscript><p>Reload the page to see changes.</p></noscript>
            <p class="scripted"><label>Filter <input id="filter" type="search" placeholder="id, custom id, status, client" autocomplete="off" spellcheck="false"></label> <output id="matches" for="filter"></output></p>
            <p id="copied" role="status"></p>
            <p id="lost" role="alert" hidden>The emulator does not respond. The page shows the last state that it received.</p>
            </header>
            <main>

            """);
        IdentitiesSection.Append(html, identities, clock.GetUtcNow());
        FaultsSection.Append(html, emulator.Faults);
        AssignmentsSection.Append(html, assignments);
        RequestsSection.Append(html, emulator);
        html.Append($"""
            </main>
            </body>
            </html>

            """);
        return EmulatorResponse.Page(200, html, ContentSecurityPolicy);
    }

    internal static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string ReadResource(string name)
    {
        using Stream resource = typeof(StatusPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
