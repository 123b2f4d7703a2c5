using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>
/// Runs the same work in several lanes, in rounds. Each lane has one turn in a round, so that a slow moment of the machine
/// affects all lanes. The other lanes are compared with the first.
/// </summary>
/// <param name="lanes">The name of each lane, and its turn, which returns a rate or a time.</param>
internal sealed class Race(params (string Name, Func<CancellationToken, Task<double>> Turn)[] lanes)
{
    public async Task<IReadOnlyList<Result>> RunAsync(int rounds, CancellationToken stopping)
    {
        double[][] figures = Array.ConvertAll(lanes, _ => new double[rounds]);
        for (int round = 0; round < rounds; round++)
        {
            for (int lane = 0; lane < lanes.Length; lane++)
            {
                figures[lane][round] = await lanes[lane].Turn(stopping);
            }
        }

        return [.. lanes.Select((lane, i) => Summarize(lane.Name, figures[i], figures[0]))];
    }

    private static Result Summarize(string name, double[] figures, double[] baseline)
    {
        double[] ratios = figures.Zip(baseline, (figure, first) => figure / first).ToArray();
        return new Result(name, Median(figures), Median(ratios), ratios.Min(), ratios.Max());
    }

    public static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>The result of one lane.</summary>
    /// <param name="Name">The lane's name.</param>
    /// <param name="Figure">The median of its rates or times.</param>
    /// <param name="Ratio">The median of its ratios to the first lane in the same round.</param>
    /// <param name="LowestRatio">The lowest ratio.</param>
    /// <param name="HighestRatio">The highest ratio.</param>
    internal sealed record Result(string Name, double Figure, double Ratio, double LowestRatio, double HighestRatio)
    {
        /// <summary>The lowest and the highest ratio, as text.</summary>
        public string Range => FormattableString.Invariant($"{LowestRatio:0.00} to {HighestRatio:0.00}");
    }
}
