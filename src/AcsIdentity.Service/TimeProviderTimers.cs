#if NET
using System;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Service;

/// <summary>The extension methods that Microsoft.Bcl.TimeProvider has for netstandard2.0, so that both targets compile the same code.</summary>
internal static class TimeProviderTimers
{
    public static CancellationTokenSource CreateCancellationTokenSource(this TimeProvider clock, TimeSpan delay) => new(delay, clock);

    public static Task Delay(this TimeProvider clock, TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, clock, cancellationToken);
}
#endif
