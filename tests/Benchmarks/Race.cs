using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>
/// The same work in several lanes, in rounds. In each round every lane has its turn, so that a slow moment of the machine
/// is everybody's; the first lane is what the others are compared with.
/// </summary>
/// <param name="lanes">What each is called, and a turn of it, which gives a rate or a time.</param>
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

        return [.. lanes.Select((lane, i) => Judge(lane.Name, figures[i], figures[0]))];
    }

    private static Result Judge(string name, double[] figures, double[] firstLanesFigures)
    {
        double[] ratios = figures.Zip(firstLanesFigures, (figure, first) => figure / first).ToArray();
        return new Result(name, Median(figures), Median(ratios), ratios.Min(), ratios.Max());
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>How one lane did.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Figure">Its rate or time, the median of the rounds.</param>
    /// <param name="Ratio">That as a share of the first lane's in the same round, the median of the rounds.</param>
    /// <param name="LowestRatio">The lowest such share.</param>
    /// <param name="HighestRatio">The highest such share.</param>
    internal sealed record Result(string Name, double Figure, double Ratio, double LowestRatio, double HighestRatio)
    {
        /// <summary>The lowest and the highest ratio, as text.</summary>
        public string Range => FormattableString.Invariant($"{LowestRatio:0.00} to {HighestRatio:0.00}");
    }
}
