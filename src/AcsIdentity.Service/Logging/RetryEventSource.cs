using System.Diagnostics.Tracing;
using AcsIdentity.Service.Retries;

namespace AcsIdentity.Service.Logging;

/// <summary>What <see cref="IdentityRetryPolicy"/> does, beside the events of Azure.Core: a listener of the one hears the other.</summary>
[EventSource(Name = "AcsIdentity-Service")]
internal sealed class RetryEventSource : EventSource
{
    private RetryEventSource()
        // The trait by which Azure's listener knows what to listen to.
        : base(EventSourceSettings.Default, "AzureEventSource", "true")
    {
    }

    public static RetryEventSource Log { get; } = new();

    [Event(1, Level = EventLevel.Informational, Message = "Request [{0}] {1}; it is sent again in {2} s where its time limit allows")]
    public void Retrying(string requestId, string reason, double seconds) => WriteEvent(1, requestId, reason, seconds);
}
