using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Access;
using AcsIdentity.Emulator.Authentication;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Inspection;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator;

/// <summary>
/// One emulated Communication Services resource: the service's identity operations, authentication and error responses,
/// without a network. A host passes requests in and sends the responses. Safe for concurrent use.
/// </summary>
public sealed class IdentityEmulator : IDisposable
{
    private readonly IdentityStore _identities;
    private readonly Assignments _assignments = new();
    private readonly TokenService _tokens;
    private readonly EntraAuthority _authority;
    private readonly ManagedIdentityEndpoints _managedIdentity;
    private readonly ServiceEndpoint _service;
    private readonly ControlApi _control;
    private readonly Throttle? _throttle;
    private readonly RequestLog _log = new();

    // Lazy: creating the key pair takes longer than the rest of the emulator's start.
    private readonly Lazy<TokenSigner> _signer = new(() => new TokenSigner());

    /// <summary>Creates the resource.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="FormatException">The access key is not base64.</exception>
    /// <exception cref="ArgumentException">A quota, its window or a latency is out of range, a fault contradicts itself, or an identity is not valid.</exception>
    public IdentityEmulator(EmulatorOptions? options = null)
    {
        options ??= new EmulatorOptions();
        var clock = new EmulatorClock(options.Clock);
        Clock = clock;
        AccessKey = options.AccessKey ?? Convert.ToBase64String(RandomBytes.Create(64));
        ResourceId = IdentityId.RequireOneResource(options.Identities) ?? options.ResourceId ?? Guid.NewGuid();
        BodyTimeout = options.BodyTimeout;
        MaxConnections = options.MaxConnections;
        Entra = options.Entra;

        _identities = new IdentityStore(ResourceId, options.Identities, clock);
        _tokens = new TokenService(ResourceId, _identities, _signer, clock);
        _control = new ControlApi(this, _identities, _assignments, _signer, clock);
        var entraTokens = new EntraTokens(Entra.TenantId, _signer, clock);
        var userTokens = new EntraUserTokens(_identities, _tokens);
        _authority = new EntraAuthority(Entra, entraTokens, clock);
        _managedIdentity = new ManagedIdentityEndpoints(Entra, entraTokens, clock);
        _throttle = options.Throttle is { } quota ? new Throttle(quota, clock) : null;
        Routes =
        [
            .. new IdentityOperations(_identities, _tokens).Routes,
            .. new TeamsTokenExchange(_tokens, clock).Routes,
            .. new EntraTokenExchange(_assignments.Entra, userTokens).Routes,
            .. new EntraAssignments(_assignments.Entra).Routes,
            .. new TeamsExtensionTokenExchange(_assignments.TeamsExtension, userTokens).Routes,
            .. new TeamsExtensionAssignments(_assignments.TeamsExtension).Routes,
        ];
        _service = new ServiceEndpoint(
            new RequestAuthenticator(new SignatureAuthenticator(Convert.FromBase64String(AccessKey), clock.RequestDates), new BearerAuthenticator(entraTokens)),
            _throttle,
            Faults,
            options.Latency is { } latency ? new Latency(latency) : null,
            new ServiceRoutes(Routes),
            _log,
            clock);
        Faults.Replace(options.Faults);
    }

    /// <summary>Occurs after a reset, also after one by the control API.</summary>
    public event EventHandler? WasReset;

    /// <summary>The resource's access key, base64.</summary>
    public string AccessKey { get; }

    /// <summary>The resource's immutable id, the first half of every identity id.</summary>
    public Guid ResourceId { get; }

    /// <summary>How long a host waits for the body of a request, and until the client has received the response.</summary>
    public TimeSpan BodyTimeout { get; }

    /// <summary>How many clients a host serves at the same time.</summary>
    public int MaxConnections { get; }

    /// <summary>The clock. A test can move it.</summary>
    public EmulatorClock Clock { get; }

    /// <summary>The Entra tenant whose tokens the resource accepts.</summary>
    public EntraOptions Entra { get; }

    /// <summary>The current faults.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>How many requests the service has received, including rejected ones.</summary>
    public long RequestCount => _log.Count;

    /// <summary>The newest 1,000 requests to the service, newest first.</summary>
    public IReadOnlyList<LoggedRequest> Requests => _log.Newest;

    /// <summary>How many identities exist now.</summary>
    public int IdentityCount => _identities.Count;

    /// <summary>All routes of the service.</summary>
    internal IReadOnlyList<ServiceRoute> Routes { get; }

    /// <summary>Returns the connection string for a host at the address. It contains the access key.</summary>
    public string ConnectionString(Uri endpoint) => $"endpoint={endpoint};accesskey={AccessKey}";

    /// <summary>Handles one request.</summary>
    public EmulatorResponse Handle(EmulatorRequest request) =>
        _control.TryHandle(request) ?? _authority.TryHandle(request) ?? _managedIdentity.TryHandle(request) ?? _service.Handle(request);

    /// <summary>Checks an access token as a calling or chat service would.</summary>
    public TokenIntrospection Introspect(string token) => _tokens.Introspect(token);

    /// <summary>
    /// Removes all identities, assignments and faults, clears the request log, makes the whole quota available, and sets the clock to the real
    /// time. The identities of the options exist again. The key and the resource id stay.
    /// </summary>
    public void Reset()
    {
        Clock.Reset();
        _identities.Reset();
        _assignments.Clear();
        Faults.Clear();
        _log.Clear();
        _throttle?.Reset();
        WasReset?.Invoke(this, EventArgs.Empty);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_signer.IsValueCreated)
        {
            _signer.Value.Dispose();
        }
    }
}
