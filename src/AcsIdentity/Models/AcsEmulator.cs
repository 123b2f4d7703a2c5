using System;
using System.Collections.Generic;
using System.Management.Automation;
using AcsIdentity.Calls;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Hosting;
using AcsIdentity.Emulator.Inspection;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Loading;

namespace AcsIdentity.Models;

/// <summary>An emulated Communication Services resource in this process, on a loopback port. It keeps its data in memory.</summary>
public sealed class AcsEmulator
{
    private static readonly object _lock = new();
    private static AcsEmulator? _current;

    private readonly LoopbackHost _host;
    private readonly HashSet<string> _initialIds;

    private AcsEmulator(int port, EmulatorOptions options)
    {
        _host = LoopbackHost.Start(new IdentityEmulator(options), port);
        // The port may be that of an earlier emulator.
        ForgetEarlierUse();
        // The pauses and counts of this side are in real time.
        _host.Emulator.Clock.Moved += (_, _) => ForgetQuota();
        _host.Emulator.WasReset += (_, _) => ForgetEarlierUse();
        _initialIds = new HashSet<string>(options.Identities);
        Throttle = options.Throttle;
        Latency = options.Latency;
    }

    /// <summary>The address that the emulator listens at.</summary>
    public Uri Endpoint => _host.Endpoint;

    /// <summary>The immutable id of the emulated resource. Every identity id begins with it, after the prefix.</summary>
    public Guid ResourceId => _host.Emulator.ResourceId;

    /// <summary>The time of the emulator's clock: a DateTimeOffset whose text is ISO 8601 in UTC.</summary>
    public PSObject Now => new UtcTime(_host.Emulator.Clock.GetUtcNow());

    /// <summary>The number of identities that exist now.</summary>
    public int IdentityCount => _host.Emulator.IdentityCount;

    /// <summary>The number of requests received, including rejected ones.</summary>
    public long RequestCount => _host.Emulator.RequestCount;

    /// <summary>The quota that the emulator enforces, or null.</summary>
    public ThrottleOptions? Throttle { get; }

    /// <summary>The delay of the responses. Null if they are not delayed.</summary>
    public LatencyOptions? Latency { get; }

    /// <summary>Whether the emulator is still running.</summary>
    public bool IsRunning => ReferenceEquals(Current, this);

    /// <summary>The running emulator, or null.</summary>
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
    /// Gets the connection string, for any client in any language. It is a method because it contains the access key, and
    /// views, JSON, CSV and logs of this object show all properties.
    /// </summary>
    public string GetConnectionString() => _host.ConnectionString;

    /// <summary>
    /// Deletes all identities, tokens and faults, sets all counts and the used quota to 0, and sets the clock to the real time.
    /// The identities of the start exist again. Endpoint and access key stay.
    /// </summary>
    public void Reset() => _host.Emulator.Reset();

    /// <inheritdoc/>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Gets the running emulator. If there is none, starts one with the defaults.</summary>
    internal static AcsEmulator GetOrStart() => GetOrStart(port: 0, new EmulatorOptions(), out _);

    /// <summary>Gets the running emulator, whatever its options are. If there is none, starts one with the given options.</summary>
    /// <param name="port">The port for a new emulator. 0 selects a free one.</param>
    /// <param name="options">The options for a new emulator.</param>
    /// <param name="isNew">Whether this call started the emulator.</param>
    internal static AcsEmulator GetOrStart(int port, EmulatorOptions options, out bool isNew)
    {
        lock (_lock)
        {
            isNew = _current is null;
            return _current ??= new AcsEmulator(port, options);
        }
    }

    /// <summary>Gets the time at a resource: that of the emulator's clock if it is the emulator of this process, else that of this computer.</summary>
    internal static DateTimeOffset GetTimeAt(Uri endpoint) =>
        Current is { } emulator && emulator.Endpoint == endpoint ? emulator._host.Emulator.Clock.GetUtcNow() : DateTimeOffset.UtcNow;

    /// <summary>Stops the emulator.</summary>
    /// <returns>Whether an emulator was running.</returns>
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

    /// <summary>Finds the first requested setting that differs from the setting of this emulator. Settings that were not requested are not compared.</summary>
    /// <returns>The name of the setting for a message, or null.</returns>
    internal string? FindDifference(int port, EmulatorOptions requested)
    {
        return Differs(port, Endpoint.Port) ? "port"
            : Differs(requested.AccessKey, _host.Emulator.AccessKey) ? "access key"
            : Differs(requested.Throttle, Throttle) ? "quota"
            : Differs(requested.Latency, Latency) ? "latency"
            : requested.Identities.Count > 0 && !_initialIds.SetEquals(requested.Identities) ? "list of identities"
            : null;

        static bool Differs<T>(T requested, T actual) => !Equals(requested, default(T)) && !Equals(requested, actual);
    }

    /// <summary>Moves the clock forward.</summary>
    /// <exception cref="ArgumentException">The time is negative, or the clock would be out of range.</exception>
    internal void AdvanceClock(TimeSpan time, bool movesRequestDates) => _host.Emulator.Clock.Advance(time, movesRequestDates);

    /// <summary>Sets the clock.</summary>
    /// <exception cref="ArgumentException">The time is out of range.</exception>
    internal void SetClock(DateTimeOffset now, bool movesRequestDates) => _host.Emulator.Clock.Set(now, movesRequestDates);

    /// <summary>Gets the newest 1,000 requests, in the order of arrival.</summary>
    internal IReadOnlyList<AcsEmulatorRequest> GetRequests()
    {
        // Without a lambda: its static field would have a type of the emulator, and Get-Command would load the emulator.
        var requests = new List<AcsEmulatorRequest>();
        foreach (LoggedRequest logged in _host.Emulator.Requests)
        {
            requests.Add(new AcsEmulatorRequest(logged));
        }

        requests.Reverse();
        return requests;
    }

    /// <summary>Checks an access token as a chat or calling service would.</summary>
    internal CommunicationTokenStatus Test(string token, string? tag)
    {
        TokenIntrospection found = _host.Emulator.Introspect(token);
        return new CommunicationTokenStatus(tag, found.IsSigned ? CommunicationTokenClaims.Read(token).Id : null, found);
    }

    /// <summary>Replaces the current faults.</summary>
    internal void SetFaults(IEnumerable<Fault> faults) => _host.Emulator.Faults.Replace(faults);

    /// <summary>Forgets what the cmdlets of this process know of this address: the used quota, if they have sent anything, and identities.</summary>
    private void ForgetEarlierUse()
    {
        ForgetQuota();
        RecentIdentities.RemoveAll(Endpoint);
    }

    private void ForgetQuota() => ModuleAssemblies.LoadedIdentityServiceFactory?.ResetQuota(Endpoint);
}
