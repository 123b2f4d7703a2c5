using System;
using System.Diagnostics.CodeAnalysis;
using AcsIdentity.Errors;

namespace AcsIdentity.Ports;

/// <summary>A call to the service that failed. Its message names the endpoint and never holds a key or a token.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without its facts, a failure does not help the code that handles it.")]
public sealed class AcsServiceException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="kind">Why it failed.</param>
    /// <param name="endpoint">The resource.</param>
    /// <param name="reason">The message of the service or of the network.</param>
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

    /// <summary>The message of the service or of the network.</summary>
    public string Reason { get; }

    /// <summary>The HTTP status; null if there was no response.</summary>
    public int? Status { get; init; }

    /// <summary>The service's error code, for example IdentityNotOwned; null if the response had none.</summary>
    public string? ServiceCode { get; init; }

    /// <summary>The x-ms-client-request-id of the call. Support asks for it. Null if nothing was sent.</summary>
    public string? RequestId { get; init; }

    /// <summary>The credential that gave no token; null for every other failure.</summary>
    public ServiceCredential? Credential { get; init; }

    /// <summary>When the last attempt was sent; null if none was.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The delay before a retry that the service asks for; null if it asks for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The id of the identity, the object id of a principal, or the tag of a create; null if the call was about the resource. The cmdlet sets it.</summary>
    public string? Subject { get; internal set; }

    /// <summary>The tag of the identity; null if it has none. The cmdlet sets it.</summary>
    public string? Tag { get; internal set; }

    /// <inheritdoc/>
    public override string Message => AcsErrors.Describe(this);
}
