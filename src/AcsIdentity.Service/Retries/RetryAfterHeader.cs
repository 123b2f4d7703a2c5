using System;
using System.Linq;
using Azure;
using Azure.Core;

namespace AcsIdentity.Service.Retries;

/// <summary>Reads how long an answer asks to wait, in every header that Azure.Core knows.</summary>
internal sealed class ServerDelay() : DelayStrategy(maxDelay: TimeSpan.MaxValue, jitterFactor: 0)
{
    private static readonly ServerDelay _instance = new();
    private static readonly string[] _headers = ["Retry-After", "retry-after-ms", "x-ms-retry-after-ms"];

    /// <returns>Null if the answer does not say. Zero if it says 0: the caller may come again at once.</returns>
    public static TimeSpan? Of(Response response) =>
        _instance.GetNextDelay(response, retryNumber: 1) is { Ticks: > 0 } said ? said
        : _headers.Any(header => response.Headers.TryGetValue(header, out string? value) && value == "0") ? TimeSpan.Zero
        : null;

    protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) => TimeSpan.Zero;
}
