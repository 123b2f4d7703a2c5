using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>What a signed-in user allows an application to do.</summary>
/// <param name="ClientId">The client id of the application.</param>
/// <param name="Scope">The resource that the application may call for the user, and the permissions.</param>
/// <param name="Nonce">The nonce to repeat in the ID token; null for no nonce.</param>
internal sealed record UserConsent(Guid ClientId, EntraScope Scope, string? Nonce = null);
