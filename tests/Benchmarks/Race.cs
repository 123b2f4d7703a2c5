using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Benchmarks;

/// <summary>
/// The same operation on several hosts, in rounds. In each round every host has its turn, so that a slow moment of the
/// machine is everybody's; the first host is what the others are compared with.
/// </summary>
internal sealed class Race(string operation, int connections, params (string Host, Load Load)[] lanes) : IDisposable
{
    private static readonly TimeSpan _turn = TimeSpan.FromSeconds(0.5);

    public string Operation { get; } = operation;

    public int Connections { get; } = connections;

    public async Task<IEnumerable<Result>> RunAsync(int rounds, CancellationToken stopping)
    {
        double[][] rates = Array.ConvertAll(lanes, _ => new double[rounds]);
        for (int round = 0; round < rounds; round++)
        {
            for (int lane = 0; lane < lanes.Length; lane++)
            {
                rates[lane][round] = await lanes[lane].Load.RunAsync(_turn, stopping);
            }
        }

        return lanes.Select((lane, i) => Judge(lane.Host, rates[i], rates[0]));
    }

    public void Dispose() => Array.ForEach(lanes, lane => lane.Load.Dispose());

    private static Result Judge(string host, double[] rates, double[] firstHostsRates)
    {
        double[] ratios = rates.Zip(firstHostsRates, (rate, first) => rate / first).ToArray();
        return new Result(host, Median(rates), Median(ratios), ratios.Min(), ratios.Max());
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    /// <summary>How one host did.</summary>
    /// <param name="Host">Its name.</param>
    /// <param name="Rate">Answers per second, the median of the rounds.</param>
    /// <param name="Ratio">The rate as a share of the first host's in the same round, the median of the rounds.</param>
    /// <param name="LowestRatio">The lowest such share.</param>
    /// <param name="HighestRatio">The highest such share.</param>
    internal sealed record Result(string Host, double Rate, double Ratio, double LowestRatio, double HighestRatio);
}
