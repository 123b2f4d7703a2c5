using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Throttling;

namespace AcsIdentity.Emulator;

/// <summary>What an emulated Communication Services resource starts with.</summary>
public sealed class EmulatorOptions
{
    /// <summary>The resource's access key, base64. A random one of 64 bytes, the size of a real key, unless set.</summary>
    public string? AccessKey { get; init; }

    /// <summary>The resource's immutable id, the first half of every identity id. Random unless set.</summary>
    public Guid ResourceId { get; init; } = Guid.NewGuid();

    /// <summary>The Entra tenant whose tokens the resource accepts.</summary>
    public EntraOptions Entra { get; init; } = new();

    /// <summary>The quota to keep; null for none.</summary>
    public ThrottleOptions? Throttle { get; init; }

    /// <summary>How late every answer comes; null for at once.</summary>
    public LatencyOptions? Latency { get; init; }

    /// <summary>How long a client may take to send the body of a request.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The faults to show from the first call on.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>The clock that dates tokens and judges request dates.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
