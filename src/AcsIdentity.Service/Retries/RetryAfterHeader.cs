using System;
using System.Linq;
using Azure;
using Azure.Core;

namespace AcsIdentity.Service.Retries;

/// <summary>Reads Retry-After, and the two other headers in which Azure.Core looks for a delay.</summary>
internal sealed class RetryAfterHeader() : DelayStrategy(maxDelay: TimeSpan.MaxValue, jitterFactor: 0)
{
    private static readonly RetryAfterHeader _instance = new();
    private static readonly string[] _names = ["Retry-After", "retry-after-ms", "x-ms-retry-after-ms"];

    /// <returns>Null if the response has no such header. Zero if the header is 0: the caller may retry at once.</returns>
    public static TimeSpan? Read(Response response) =>
        _instance.GetNextDelay(response, retryNumber: 1) is { Ticks: > 0 } delay ? delay
        : _names.Any(name => response.Headers.TryGetValue(name, out string? value) && value == "0") ? TimeSpan.Zero
        : null;

    protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) => TimeSpan.Zero;
}
