using System;
using System.Diagnostics.CodeAnalysis;

namespace AcsIdentity.Connections;

/// <summary>A value that names no ledger. A type of its own, because the same call may also find a broken connection string.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Without the name of its source, the error does not help the user.")]
internal sealed class InvalidLedgerException(string problem, string origin) : FormatException(problem)
{
    /// <summary>The parameter or environment variable with the value.</summary>
    public string Origin { get; } = origin;
}
