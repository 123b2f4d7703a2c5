using System;
using System.Diagnostics.CodeAnalysis;
using AcsIdentity.Ports;

namespace AcsIdentity.Service.SignIn;

/// <summary>The credential gave no token for the service. Nothing was sent to the service.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Thrown in one place, with its facts.")]
[SuppressMessage("Design", "CA1064", Justification = "Never leaves this assembly: ServiceFailure translates it.")]
internal sealed class SignInException(ServiceCredential credential, string reason, Exception? innerException = null) : Exception(reason, innerException)
{
    /// <summary>The credential that failed.</summary>
    public ServiceCredential Credential { get; } = credential;
}
