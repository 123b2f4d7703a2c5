using System;
using AcsIdentity.Emulator;

namespace AcsIdentity;

/// <summary>The emulator that runs in this process: a Communication Services resource on a loopback port, in memory.</summary>
public sealed class AcsEmulator
{
    private static readonly object _lock = new();
    private static AcsEmulator? _current;

    private readonly LoopbackHost _host;

    private AcsEmulator(LoopbackHost host) => _host = host;

    /// <summary>The address it listens at.</summary>
    public Uri Endpoint => _host.Endpoint;

    /// <summary>The immutable id of the resource it emulates, the first half of every identity id.</summary>
    public Guid ResourceId => _host.Emulator.ResourceId;

    /// <summary>How many identities exist now.</summary>
    public int IdentityCount => _host.Emulator.IdentityCount;

    /// <summary>How many requests have come in, refused ones included.</summary>
    public long RequestCount => _host.Emulator.RequestCount;

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

    /// <inheritdoc/>
    public override string ToString() => Endpoint.ToString();

    /// <summary>The emulator that runs; started on a port of that number (0: a free one) where none does.</summary>
    internal static AcsEmulator GetOrStart(int port = 0)
    {
        lock (_lock)
        {
            return _current ??= new AcsEmulator(LoopbackHost.Start(new IdentityEmulator(), port));
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
}
