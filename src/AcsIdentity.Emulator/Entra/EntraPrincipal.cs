using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>The principal that a token is issued to.</summary>
/// <param name="ClientId">The client id of the application.</param>
/// <param name="ObjectId">The object id of the service principal or of the user.</param>
/// <param name="UserName">The user's sign-in name; null for a service principal.</param>
internal sealed record EntraPrincipal(Guid ClientId, Guid ObjectId, string? UserName = null);
