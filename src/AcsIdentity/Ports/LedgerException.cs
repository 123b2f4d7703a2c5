using System;
using System.Diagnostics.CodeAnalysis;

namespace AcsIdentity.Ports;

/// <summary>A ledger that cannot be used. The message says why and never holds a key.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without its facts, a failure does not help the code that handles it.")]
public sealed class LedgerException : Exception
{
    /// <summary>Describes a failure.</summary>
    /// <param name="kind">Whether a later try may succeed.</param>
    /// <param name="location">The file or the address of the table.</param>
    /// <param name="reason">What is wrong, and what to do about it.</param>
    /// <param name="innerException">The exception of the library.</param>
    public LedgerException(LedgerFailureKind kind, string location, string reason, Exception? innerException = null)
        : base(reason, innerException)
    {
        Kind = kind;
        Location = location;
    }

    /// <summary>Whether a later try may succeed.</summary>
    public LedgerFailureKind Kind { get; }

    /// <summary>The file or the address of the table.</summary>
    public string Location { get; }

    /// <summary>An identity that was created and is not in the ledger; null if there is none.</summary>
    public string? UnrecordedId { get; init; }
}
