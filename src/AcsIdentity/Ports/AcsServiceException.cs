using System;
using System.Diagnostics.CodeAnalysis;
using AcsIdentity.Errors;

namespace AcsIdentity.Ports;

/// <summary>A call to the service that failed. Its message names the endpoint and never holds a key or a token.</summary>
[SuppressMessage("Design", "CA1032", Justification = "A failure without its facts would be worth nothing to who handles it.")]
public sealed class AcsServiceException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="kind">Why it failed.</param>
    /// <param name="endpoint">The resource.</param>
    /// <param name="reason">What went wrong, in the words of the service or of the network.</param>
    /// <param name="innerException">The client library's exception.</param>
    public AcsServiceException(FailureKind kind, Uri endpoint, string reason, Exception? innerException = null)
        : base(reason, innerException)
    {
        Kind = kind;
        Endpoint = endpoint;
        Reason = reason;
    }

    /// <summary>Why it failed.</summary>
    public FailureKind Kind { get; }

    /// <summary>The resource.</summary>
    public Uri Endpoint { get; }

    /// <summary>What went wrong, in the words of the service or of the network.</summary>
    public string Reason { get; }

    /// <summary>The HTTP status; null where there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>The service's error code, for example IdentityNotOwned; null where the answer had none.</summary>
    public string? ServiceCode { get; init; }

    /// <summary>The x-ms-client-request-id of the call: what support asks for.</summary>
    public string? RequestId { get; init; }

    /// <summary>What a token was to be had with, where none could be had; else null.</summary>
    public ServiceCredential? Credential { get; init; }

    /// <summary>When the last try was sent; null where none was.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>How long the service asks to wait before the next try; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the call was about: an identity's id, or the tag of a create, which only the cmdlet knows; null where that is the resource itself.</summary>
    public string? Subject { get; internal set; }

    /// <inheritdoc/>
    public override string Message => AcsErrors.Describe(this);
}
