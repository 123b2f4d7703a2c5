using System;
using Azure;
using Azure.Core;

namespace AcsIdentity.Tests.Service;

/// <summary>Retries without a delay, and counts the retries.</summary>
internal sealed class NoDelay() : DelayStrategy(TimeSpan.Zero, 0)
{
    public int Retries { get; private set; }

    protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber)
    {
        Retries = retryNumber;
        return TimeSpan.Zero;
    }
}
