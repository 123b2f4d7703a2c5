using System;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>The section of the status page that lists the current faults.</summary>
internal static class FaultsSection
{
    public static void Append(HtmlBuilder html, FaultPlan plan)
    {
        html.Append($"""
            <section id="faults">
            <h2>Current faults</h2>
            <table>
            <thead><tr><th scope="col">Kind</th><th scope="col">Operation</th><th scope="col">Applies to</th><th scope="col">Hits</th></tr></thead>
            <tbody>

            """);
        foreach ((Fault fault, int hits) in plan.Faults)
        {
            html.Append($"<tr><td>{fault.Kind} {fault.Status}</td><td>{(object?)fault.Operation ?? "all"}</td><td>{Trigger(fault)}</td><td>{hits:N0}</td></tr>\n");
        }

        html.Append($"</tbody></table>\n</section>\n");
    }

    private static string Trigger(Fault fault) => fault switch
    {
        { Next: 1 } => "the first call",
        { Every: 1 } => "every call",
        { Next: { } next } => FormattableString.Invariant($"the first {next:N0} calls"),
        { Every: { } every } => FormattableString.Invariant($"one call in {every:N0}"),
        _ => FormattableString.Invariant($"calls with probability {fault.Probability}"),
    };
}
