using System;
using System.Diagnostics.Tracing;
using System.Threading;
using Azure.Core.Diagnostics;

namespace AcsIdentity.Service.Logging;

/// <summary>
/// Hands the Azure SDK's own log, and our <see cref="RetryEventSource"/>, on to whoever made the call. The SDK shows the
/// headers that it knows to be harmless, and no bodies.
/// </summary>
internal static class SdkLog
{
    private static readonly AsyncLocal<Action<string>?> _reader = new();

    /// <summary>Begun with the first reader, because every event is formatted from then on.</summary>
    private static readonly Lazy<AzureEventSourceListener> _listener =
        new(() => new AzureEventSourceListener((_, line) => _reader.Value?.Invoke(line), EventLevel.Informational));

    /// <summary>Hands on what concerns the calls that follow in this flow of execution.</summary>
    public static void ReadBy(Action<string> reader)
    {
        _ = _listener.Value;
        _reader.Value = reader;
    }
}
