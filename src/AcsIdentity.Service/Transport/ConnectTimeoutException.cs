using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;

namespace AcsIdentity.Service.Transport;

/// <summary>No connection was established within the time limit. Nothing was sent.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown in one place, with its cause.")]
[SuppressMessage("Design", "CA1064", Justification = "Never leaves this assembly: ServiceFailure translates it.")]
internal sealed class ConnectTimeoutException(Exception innerException) : IOException("The connection was not established in time.", innerException);
