using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Throttling;

namespace AcsIdentity.Emulator;

/// <summary>The options of an emulated Communication Services resource.</summary>
public sealed class EmulatorOptions
{
    /// <summary>The resource's access key, base64. Default: 64 random bytes, the size of a real key.</summary>
    public string? AccessKey { get; init; }

    /// <summary>
    /// The ids of the identities that exist at the start and after each reset, all of one resource. The emulator takes the id of
    /// that resource. Default: none.
    /// </summary>
    public IReadOnlyList<string> Identities { get; init; } = [];

    /// <summary>The resource's id if <see cref="Identities"/> is empty. Default: random.</summary>
    public Guid? ResourceId { get; init; }

    /// <summary>The Entra tenant whose tokens the resource accepts.</summary>
    public EntraOptions Entra { get; init; } = new();

    /// <summary>The quota to enforce; null for no quota.</summary>
    public ThrottleOptions? Throttle { get; init; }

    /// <summary>The delay of every response; null for no delay.</summary>
    public LatencyOptions? Latency { get; init; }

    /// <summary>How long a client may take to send the body of a request, and to receive the response.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many clients a host serves at the same time. It refuses more.</summary>
    public int MaxConnections { get; init; } = 5000;

    /// <summary>The faults that apply from the first call.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>The real time, for tokens, request dates, quota and logs. <see cref="IdentityEmulator.Clock"/> moves it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
