using System;
using System.Collections.Generic;
using System.Runtime;
using System.Runtime.InteropServices;

namespace AcsIdentity.Benchmarks;

/// <summary>The result of a benchmark as Markdown: a heading, the machine and a table.</summary>
internal sealed class Report(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Adds a row for a lane: the columns of the race, then the lane's name, figure, ratio and range.</summary>
    public void Add(Race.Result result, double unit, params string[] race) =>
        Add([.. race, result.Name, FormattableString.Invariant($"{unit * result.Figure:N0}"), FormattableString.Invariant($"{result.Ratio:0.00}"), result.Range]);

    public void Print()
    {
        Console.WriteLine($"## {title}");
        Console.WriteLine();
        Console.WriteLine(
            $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}, "
            + $"{RuntimeInformation.OSDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC");
        Console.WriteLine();
        PrintRow(columns);
        PrintRow(Array.ConvertAll(columns, _ => "---"));
        _rows.ForEach(PrintRow);
        Console.WriteLine();
    }

    private static void PrintRow(string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");
}
