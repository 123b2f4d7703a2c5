using System.Diagnostics.Tracing;
using AcsIdentity.Service.Retries;

namespace AcsIdentity.Service.Logging;

/// <summary>Logs the retries of <see cref="IdentityRetryPolicy"/>. A listener of Azure.Core's events receives these too.</summary>
[EventSource(Name = "AcsIdentity-Service")]
internal sealed class RetryEventSource : EventSource
{
    private RetryEventSource()
        // Azure's listener enables the sources that have this trait.
        : base(EventSourceSettings.Default, "AzureEventSource", "true")
    {
    }

    public static RetryEventSource Log { get; } = new();

    [Event(1, Level = EventLevel.Informational, Message = "Request [{0}] {1}; retry in {2} s if the time limit allows")]
    public void Retrying(string requestId, string reason, double seconds) => WriteEvent(1, requestId, reason, seconds);
}
