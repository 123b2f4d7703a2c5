using System;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Who a token is issued to.</summary>
internal sealed record EntraPrincipal(Guid ClientId)
{
    public Guid ObjectId { get; } = Guid.NewGuid();
}
