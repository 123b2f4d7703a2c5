using System;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Faults;

/// <summary>What goes wrong with a call.</summary>
public enum FaultKind
{
    /// <summary>The call is refused with <see cref="Fault.Status"/>; nothing is done.</summary>
    Status,

    /// <summary>The call is answered rightly, but late: see <see cref="Fault.Delay"/>.</summary>
    Late,

    /// <summary>The connection is closed instead of an answer; nothing is done.</summary>
    Drop,

    /// <summary>The work is done, then the connection is closed instead of an answer.</summary>
    LoseAnswer,

    /// <summary>The work is done, then the connection is closed in the middle of the answer.</summary>
    CutAnswer,

    /// <summary>The work is done and the answer is complete HTTP, but its body ends too early.</summary>
    TruncatedBody,

    /// <summary>The work is done and the answer is complete HTTP, but its body is not JSON.</summary>
    MalformedBody,
}

/// <summary>A fault of a <see cref="FaultPlan"/>: what goes wrong, and with which calls.</summary>
/// <remarks>Exactly one of <see cref="Next"/>, <see cref="Every"/> and <see cref="Probability"/> is set.</remarks>
public sealed record Fault
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The operation it befalls; null for all.</summary>
    public ServiceOperation? Operation { get; init; }

    /// <summary>With <see cref="FaultKind.Status"/>: the HTTP status, 400 to 599.</summary>
    public int? Status { get; init; }

    /// <summary>With <see cref="FaultKind.Status"/>: the seconds in Retry-After; null for no such header.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>With any kind: how long whatever happens is put off.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Befalls the next so many calls, then no more.</summary>
    public int? Next { get; init; }

    /// <summary>Befalls each call whose number, counted from when the fault was set, is divisible by this.</summary>
    public int? Every { get; init; }

    /// <summary>Befalls a call with this probability, 0 to 1.</summary>
    public double? Probability { get; init; }

    /// <summary>With <see cref="Probability"/>: the seed, so that a run can be had again.</summary>
    public int Seed { get; init; }

    /// <returns>What is wrong with the fault itself, or null.</returns>
    public string? Problem()
    {
        int triggers = (Next is null ? 0 : 1) + (Every is null ? 0 : 1) + (Probability is null ? 0 : 1);
        return this switch
        {
            _ when triggers != 1 => "One of next, every and probability is needed, and no more.",
            { Next: <= 0 } or { Every: <= 0 } => "next and every must be at least 1.",
            { Probability: not (null or (>= 0 and <= 1)) } => "probability must be between 0 and 1.",
            { Kind: FaultKind.Status, Status: not (>= 400 and <= 599) } => "status must be between 400 and 599.",
            { Kind: not FaultKind.Status, Status: not null } => "status goes with kind status only.",
            { RetryAfter: < 0 } => "retryAfter must not be negative.",
            { Kind: not FaultKind.Status, RetryAfter: not null } => "retryAfter goes with kind status only.",
            { Kind: FaultKind.Late, Delay.Ticks: <= 0 } => "kind late needs a delay.",
            { Delay.Ticks: < 0 } => "delay must not be negative.",
            _ => null,
        };
    }
}
