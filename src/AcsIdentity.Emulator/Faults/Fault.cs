using System;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Faults;

/// <summary>The kind of a fault: what happens to a call.</summary>
public enum FaultKind
{
    /// <summary>The response is the error <see cref="Fault.Status"/>; the operation is not performed.</summary>
    Status,

    /// <summary>The response is correct but delayed by <see cref="Fault.Delay"/>.</summary>
    Late,

    /// <summary>The connection is closed without a response; the operation is not performed.</summary>
    Drop,

    /// <summary>The operation is performed, then the connection is closed without a response.</summary>
    LoseAnswer,

    /// <summary>The operation is performed, then the connection is closed in the middle of the response.</summary>
    CutAnswer,

    /// <summary>The operation is performed. The response is valid HTTP, but its JSON body is cut off.</summary>
    TruncatedBody,

    /// <summary>The operation is performed. The response is valid HTTP, but its body is not JSON.</summary>
    MalformedBody,
}

/// <summary>A fault of a <see cref="FaultPlan"/>: what happens, and to which calls.</summary>
/// <remarks>Exactly one of <see cref="Next"/>, <see cref="Every"/> and <see cref="Probability"/> is set.</remarks>
public sealed record Fault
{
    /// <summary>The kind of the fault.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The operation that the fault applies to; null for all operations.</summary>
    public ServiceOperation? Operation { get; init; }

    /// <summary>With <see cref="FaultKind.Status"/>: the HTTP status, 400 to 599.</summary>
    public int? Status { get; init; }

    /// <summary>With <see cref="FaultKind.Status"/>: the seconds in the Retry-After header; null for no header.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>With any kind: the delay before the fault happens.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Applies to this number of calls, then to no more.</summary>
    public int? Next { get; init; }

    /// <summary>Applies to every n-th call, counted from the time that the fault was set.</summary>
    public int? Every { get; init; }

    /// <summary>Applies to a call with this probability, 0 to 1.</summary>
    public double? Probability { get; init; }

    /// <summary>With <see cref="Probability"/>: the seed. The same seed selects the same calls.</summary>
    public int Seed { get; init; }

    /// <summary>Checks that the properties agree with each other.</summary>
    /// <returns>The message for the first problem; null if the fault is valid.</returns>
    public string? FindProblem()
    {
        int triggers = (Next is null ? 0 : 1) + (Every is null ? 0 : 1) + (Probability is null ? 0 : 1);
        return this switch
        {
            _ when triggers != 1 => "Exactly one of next, every and probability is required.",
            { Next: <= 0 } or { Every: <= 0 } => "next and every must be at least 1.",
            { Probability: not (null or (>= 0 and <= 1)) } => "probability must be between 0 and 1.",
            { Kind: FaultKind.Status, Status: not (>= 400 and <= 599) } => "status must be between 400 and 599.",
            { Kind: not FaultKind.Status, Status: not null } => "status is allowed with kind status only.",
            { RetryAfter: < 0 } => "retryAfter must not be negative.",
            { Kind: not FaultKind.Status, RetryAfter: not null } => "retryAfter is allowed with kind status only.",
            { Kind: FaultKind.Late, Delay.Ticks: <= 0 } => "kind late requires a delay.",
            { Delay.Ticks: < 0 } => "delay must not be negative.",
            _ => null,
        };
    }
}
