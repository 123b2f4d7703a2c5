using System;
using System.Diagnostics.CodeAnalysis;

namespace AcsIdentity.Service.Transport;

/// <summary>An answer arrived, but its content cannot be used.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown with its facts.")]
[SuppressMessage("Design", "CA1064", Justification = "Never leaves this assembly: ServiceFailure translates it.")]
internal sealed class UnusableAnswerException(int status, string reason) : Exception(reason)
{
    /// <summary>The HTTP status of the answer.</summary>
    public int Status { get; } = status;
}
