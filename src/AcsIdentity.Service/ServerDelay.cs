using System;
using Azure;
using Azure.Core;

namespace AcsIdentity.Service;

/// <summary>Reads how long an answer asks to wait, in every header that Azure.Core knows.</summary>
internal sealed class ServerDelay() : DelayStrategy(maxDelay: TimeSpan.MaxValue, jitterFactor: 0)
{
    private static readonly ServerDelay _instance = new();

    /// <returns>Null where the answer does not say.</returns>
    public static TimeSpan? Of(Response response) =>
        _instance.GetNextDelay(response, retryNumber: 1) is { Ticks: > 0 } said ? said : null;

    protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) => TimeSpan.Zero;
}
