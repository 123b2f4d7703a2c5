using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Who a token is issued to.</summary>
/// <param name="ClientId">The application.</param>
/// <param name="ObjectId">Who it acts as: its own service principal, or a user.</param>
/// <param name="UserName">The user's name to sign in with; null where it is no user.</param>
internal sealed record EntraPrincipal(Guid ClientId, Guid ObjectId, string? UserName = null);
