using System;
using System.Linq;
using AcsIdentity.Emulator.Access;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>The section of the status page that lists access assignments.</summary>
internal static class AssignmentsSection
{
    public static void Append(HtmlBuilder html, Assignments assignments)
    {
        // Without assignments the section is empty, so that the page's script can fill it later.
        html.Append($"""<section id="assignments">""");
        if (assignments.All is { Count: > 0 } all)
        {
            html.Append($"""

                <h2>Access assignments</h2>
                <p class="quiet">{all.Count:N0} in total, the first {StatusPage.MaxRows} shown; <a href="/emulator/assignments">all as JSON</a>.</p>
                <table>

                """);
            foreach ((string kind, AccessAssignment assignment) in all.Take(StatusPage.MaxRows))
            {
                AppendAssignment(html, kind, assignment);
            }

            html.Append($"</table>\n");
        }

        html.Append($"</section>\n");
    }

    /// <summary>Appends a row for each value, so that each id fits on one line of a narrow window.</summary>
    private static void AppendAssignment(HtmlBuilder html, string kind, AccessAssignment assignment)
    {
        html.Append($"<tbody>\n");
        AppendId(html, "Object", assignment.ObjectId);
        AppendId(html, "Tenant", assignment.TenantId);
        html.Append($"""
            <tr><th scope="row">Kind</th><td>{kind}</td></tr>
            <tr><th scope="row">Principal</th><td>{assignment.PrincipalType}</td></tr>

            """);
        foreach (Guid clientId in assignment.ClientIds ?? [])
        {
            AppendId(html, "Client", clientId);
        }

        html.Append($"</tbody>\n");
    }

    private static void AppendId(HtmlBuilder html, string label, Guid id) => html.Append($"""
        <tr><th scope="row">{label}</th><td><button type="button" class="copy scripted" aria-label="Copy {id}">Copy</button> <code>{id}</code></td></tr>

        """);
}
