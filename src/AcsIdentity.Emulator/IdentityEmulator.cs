using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
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
/// One emulated Communication Services resource: the identity operations of the service, its authentication and its
/// error answers, as plain code. A host hands in requests and sends the answers. Safe for concurrent use.
/// </summary>
public sealed class IdentityEmulator : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly Latency? _latency;
    private readonly RequestAuthenticator _authenticator;
    private readonly IdentityStore _identities;
    private readonly TokenService _tokens;
    private readonly EntraAuthority _authority;
    private readonly ManagedIdentityEndpoints _managedIdentity;
    private readonly IdentityOperations _operations;
    private readonly Throttle? _throttle;
    private readonly ControlApi _control;
    private readonly RequestLog _log = new();

    // Made when first needed: a key pair takes longer than all else that an emulator does at its start.
    private readonly Lazy<TokenSigner> _signer = new(() => new TokenSigner());

    /// <summary>Creates the resource.</summary>
    /// <param name="options">What it starts with; null for the defaults.</param>
    /// <exception cref="FormatException">The access key is not base64.</exception>
    /// <exception cref="ArgumentException">A quota, its window or a latency is out of range, or a fault contradicts itself.</exception>
    public IdentityEmulator(EmulatorOptions? options = null)
    {
        options ??= new EmulatorOptions();
        AccessKey = options.AccessKey ?? Convert.ToBase64String(RandomBytes.Create(64));
        ResourceId = options.ResourceId;
        BodyTimeout = options.BodyTimeout;
        _clock = options.Clock;
        _latency = options.Latency is { } latency ? new Latency(latency) : null;
        _identities = new IdentityStore(ResourceId, _clock);
        _tokens = new TokenService(ResourceId, _identities, _signer, _clock);
        _operations = new IdentityOperations(_identities, _tokens, _clock);
        _control = new ControlApi(this, _identities, _signer, _clock);
        Entra = options.Entra;
        var entraTokens = new EntraTokens(Entra.TenantId, _signer, _clock);
        _authority = new EntraAuthority(Entra, entraTokens, _clock);
        _managedIdentity = new ManagedIdentityEndpoints(Entra, entraTokens, _clock);
        _authenticator = new RequestAuthenticator(
            new SignatureAuthenticator(Convert.FromBase64String(AccessKey), _clock), new BearerAuthenticator(entraTokens));
        _throttle = options.Throttle is { } quota ? new Throttle(quota, _clock) : null;
        Faults.Replace(options.Faults);
    }

    /// <summary>The resource's access key, base64.</summary>
    public string AccessKey { get; }

    /// <summary>The resource's immutable id, the first half of every identity id.</summary>
    public Guid ResourceId { get; }

    /// <summary>How long a host waits for the body of a request.</summary>
    public TimeSpan BodyTimeout { get; }

    /// <summary>The Entra tenant whose tokens the resource accepts.</summary>
    public EntraOptions Entra { get; }

    /// <summary>The faults to show.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>How many requests to the service have come in, refused ones included.</summary>
    public long RequestCount => _log.Count;

    /// <summary>The newest 1,000 requests to the service, the newest one first.</summary>
    public IReadOnlyList<LoggedRequest> Requests => _log.Newest;

    /// <summary>How many identities exist now.</summary>
    public int IdentityCount => _identities.Count;

    /// <summary>What clients connect with, to a host at that address. It holds the access key.</summary>
    public string ConnectionString(Uri endpoint) => $"endpoint={endpoint};accesskey={AccessKey}";

    /// <summary>Answers one request.</summary>
    public EmulatorResponse Handle(EmulatorRequest request) =>
        _control.TryHandle(request) ?? _authority.TryHandle(request) ?? _managedIdentity.TryHandle(request) ?? HandleServiceRequest(request);

    /// <summary>Tells whether an access token still counts: what a calling or chat service would find out.</summary>
    public TokenIntrospection Introspect(string token) => _tokens.Introspect(token);

    /// <summary>Forgets all identities, takes all faults back and empties the log. Key, resource id and quota stay.</summary>
    public void Reset()
    {
        _identities.Clear();
        Faults.Clear();
        _log.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_signer.IsValueCreated)
        {
            _signer.Value.Dispose();
        }
    }

    private EmulatorResponse HandleServiceRequest(EmulatorRequest request)
    {
        DateTimeOffset time = _clock.GetUtcNow();
        var watch = Stopwatch.StartNew();
        Fault? fault = null;
        EmulatorResponse response;
        try
        {
            request.RequireBodyWithinLimits();
            _authenticator.Authenticate(request);
            (ServiceOperation operation, string id) = IdentityOperations.Route(request);
            _throttle?.CountCall(operation);
            fault = Faults.FaultForNextCall(operation);
            response = fault switch
            {
                { Kind: FaultKind.Status } => throw ServiceError.Planned(fault),
                { Kind: FaultKind.Drop } => new EmulatorResponse { Status = 503 },
                _ => _operations.Perform(operation, request, id),
            };
        }
        catch (ServiceError error)
        {
            response = error.ToResponse();
        }

        TimeSpan duration = watch.Elapsed;
        AddServiceHeaders(request, response, duration);
        response = fault is null ? response : response.With(fault);
        response = _latency is null ? response : response with { Delay = response.Delay + _latency.Next() };
        _log.Add(number => new LoggedRequest(
            number,
            time,
            request.Method,
            request.RawTarget,
            response.Delivery == Delivery.None ? null : response.Status,
            duration,
            request.Header("User-Agent"),
            request.Header("x-ms-client-request-id"),
            fault?.Kind));
        return response;
    }

    /// <summary>The headers that every answer of the service has been seen to carry.</summary>
    private static void AddServiceHeaders(EmulatorRequest request, EmulatorResponse response, TimeSpan duration)
    {
        response.Headers["api-supported-versions"] = ApiVersion.SupportedHeader;
        response.Headers["Request-Context"] = "appId=";
        response.Headers["MS-CV"] = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=') + ".0";
        response.Headers["X-Processing-Time"] = ((long)duration.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms";
        response.Headers["X-Azure-Ref"] = Guid.NewGuid().ToString("N");
        response.Headers["X-Cache"] = "CONFIG_NOCACHE";
        response.Headers["Strict-Transport-Security"] = "max-age=2592000";
        // No host sends a header with other characters in it, and the work may have been done.
        if (request.Header("x-ms-client-request-id") is { } requestId && requestId.All(character => character is >= ' ' and <= '~'))
        {
            response.Headers["x-ms-client-request-id"] = requestId;
        }
    }
}
