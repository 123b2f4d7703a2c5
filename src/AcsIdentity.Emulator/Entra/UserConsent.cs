using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>What the user has agreed to by signing in.</summary>
/// <param name="ClientId">The application.</param>
/// <param name="Resource">The resource that it may call for the user.</param>
/// <param name="Nonce">What the application wants to find in the ID token; null for nothing.</param>
internal sealed record UserConsent(Guid ClientId, string Resource, string? Nonce = null);
