using System;
using System.Diagnostics.Tracing;
using System.Threading;
using Azure.Core.Diagnostics;

namespace AcsIdentity.Service.Logging;

/// <summary>
/// Forwards the log of the Azure SDK, and our <see cref="RetryEventSource"/>, to the caller. The SDK logs no bodies, and
/// only headers that it knows to hold no secret.
/// </summary>
internal static class SdkLog
{
    private static readonly AsyncLocal<Action<string>?> _writeLine = new();

    /// <summary>Created with the first reader, because from then on every event is formatted.</summary>
    private static readonly Lazy<AzureEventSourceListener> _listener =
        new(() => new AzureEventSourceListener((_, line) => _writeLine.Value?.Invoke(line), EventLevel.Informational));

    /// <summary>Forwards the log of the calls that follow in this asynchronous flow.</summary>
    public static void ForwardTo(Action<string> writeLine)
    {
        _ = _listener.Value;
        _writeLine.Value = writeLine;
    }
}
