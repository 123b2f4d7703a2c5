using System.Linq;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>The section of the status page that lists the newest requests to the service.</summary>
internal static class RequestsSection
{
    public static void Append(HtmlBuilder html, IdentityEmulator emulator)
    {
        html.Append($"""
            <section id="requests">
            <h2>Requests</h2>
            <p class="quiet">{emulator.RequestCount:N0} in total, the newest {StatusPage.MaxRows} shown; <a href="/emulator/requests">more as JSON</a>. Times are in UTC.</p>
            <table>
            <thead><tr><th scope="col">Number</th><th scope="col">Time</th><th scope="col">Status</th><th scope="col">Duration</th><th scope="col">Request and client</th></tr></thead>
            <tbody>

            """);
        foreach (LoggedRequest logged in emulator.Requests.Take(StatusPage.MaxRows))
        {
            string style = logged.Status < 400 ? "good" : "bad";
            html.Append($"""
                <tr><td>{logged.Number}</td><td>{StatusPage.Time(logged.Time)}</td><td class="{style}">{(object?)logged.Status ?? "no response"} {logged.Fault}</td><td>{logged.Duration.TotalMilliseconds:N1} ms</td>
                <td class="long"><code>{logged.Method} {logged.Target}</code><br><code class="quiet">{logged.UserAgent}</code></td></tr>

                """);
        }

        html.Append($"</tbody></table>\n</section>\n");
    }
}
