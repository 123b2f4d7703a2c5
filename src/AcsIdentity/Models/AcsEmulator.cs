using System;
using System.Collections.Generic;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Hosting;
using AcsIdentity.Emulator.Throttling;

namespace AcsIdentity.Models;

/// <summary>The emulator that runs in this process: a Communication Services resource on a loopback port, in memory.</summary>
public sealed class AcsEmulator
{
    private static readonly object _lock = new();
    private static AcsEmulator? _current;

    private readonly LoopbackHost _host;

    private AcsEmulator(int port, EmulatorOptions options)
    {
        _host = LoopbackHost.Start(new IdentityEmulator(options), port);
        Throttle = options.Throttle;
        Latency = options.Latency;
    }

    /// <summary>The address it listens at.</summary>
    public Uri Endpoint => _host.Endpoint;

    /// <summary>The immutable id of the resource it emulates, the first half of every identity id.</summary>
    public Guid ResourceId => _host.Emulator.ResourceId;

    /// <summary>How many identities exist now.</summary>
    public int IdentityCount => _host.Emulator.IdentityCount;

    /// <summary>How many requests have come in, refused ones included.</summary>
    public long RequestCount => _host.Emulator.RequestCount;

    /// <summary>The quota it keeps; null for none.</summary>
    public ThrottleOptions? Throttle { get; }

    /// <summary>How late its answers come; null for at once.</summary>
    public LatencyOptions? Latency { get; }

    /// <summary>Whether it still listens.</summary>
    public bool IsRunning => ReferenceEquals(Current, this);

    /// <summary>The emulator that runs; null where none does.</summary>
    internal static AcsEmulator? Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>
    /// The connection string, for any client in any language. A method and not a property, so that the access key in it
    /// is in no view, JSON, CSV or log of this object.
    /// </summary>
    public string GetConnectionString() => _host.ConnectionString;

    /// <summary>Forgets all identities, tokens, faults and counts, as between two tests. Endpoint, key and used quota stay.</summary>
    public void Reset() => _host.Emulator.Reset();

    /// <inheritdoc/>
    public override string ToString() => Endpoint.ToString();

    /// <summary>The emulator that runs; started with the defaults where none does.</summary>
    internal static AcsEmulator GetOrStart() => GetOrStart(port: 0, new EmulatorOptions(), out _);

    /// <summary>The emulator that runs, whatever it was started with; started where none does.</summary>
    /// <param name="port">The port to start it on; 0 picks a free one.</param>
    /// <param name="options">What to start it with.</param>
    /// <param name="isNew">Whether it was started now, as asked.</param>
    internal static AcsEmulator GetOrStart(int port, EmulatorOptions options, out bool isNew)
    {
        lock (_lock)
        {
            isNew = _current is null;
            return _current ??= new AcsEmulator(port, options);
        }
    }

    /// <returns>Whether one ran.</returns>
    internal static bool Stop()
    {
        lock (_lock)
        {
            _current?._host.Dispose();
            bool ran = _current is not null;
            _current = null;
            return ran;
        }
    }

    /// <summary>What this emulator has otherwise than asked for, in words; null where nothing. What is not asked for may be anything.</summary>
    internal string? DifferenceFrom(int port, EmulatorOptions asked)
    {
        return Differs(port, Endpoint.Port) ? "port"
            : Differs(asked.AccessKey, _host.Emulator.AccessKey) ? "access key"
            : Differs(asked.Throttle, Throttle) ? "quota"
            : Differs(asked.Latency, Latency) ? "latency"
            : null;

        static bool Differs<T>(T asked, T actual) => !Equals(asked, default(T)) && !Equals(asked, actual);
    }

    /// <summary>Puts these faults in force, in place of those that are.</summary>
    internal void SetFaults(IEnumerable<Fault> faults) => _host.Emulator.Faults.Replace(faults);
}
