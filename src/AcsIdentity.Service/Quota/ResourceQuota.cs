using System;
using System.Collections.Concurrent;
using AcsIdentity.Ports;

namespace AcsIdentity.Service.Quota;

/// <summary>
/// The quota of one resource, with a rate limiter for each operation. The process has one for each resource, so that
/// cmdlets in several runspaces share the quota. Safe for concurrent use.
/// </summary>
internal sealed class ResourceQuota
{
    private static readonly ConcurrentDictionary<string, ResourceQuota> _resources = new();

    /// <summary>The limiter of each operation, by its number.</summary>
    private readonly OperationRateLimiter[] _limiters;
    private ServiceQuota _limits = new();

    private ResourceQuota(TimeProvider clock)
    {
        _limiters = new OperationRateLimiter[Enum.GetValues(typeof(IdentityOperation)).Length];
        for (int i = 0; i < _limiters.Length; i++)
        {
            _limiters[i] = new OperationRateLimiter(ServiceQuota.Window, clock);
        }

        Limits = _limits;
    }

    /// <summary>The limits; the service's documented ones until they are set. Setting them affects all connections to the resource.</summary>
    public ServiceQuota Limits
    {
        get => _limits;
        set
        {
            lock (_limiters)
            {
                _limits = value;
                for (int i = 0; i < _limiters.Length; i++)
                {
                    _limiters[i].SetLimit(value.For((IdentityOperation)i));
                }
            }
        }
    }

    /// <summary>Returns the quota of the resource at an address. The first caller decides its clock.</summary>
    public static ResourceQuota Of(Uri endpoint, TimeProvider clock) => _resources.GetOrAdd(endpoint.Authority, _ => new ResourceQuota(clock));

    /// <summary>Forgets the calls that were sent to a resource, so that its whole quota is available. The limits stay.</summary>
    public static void Reset(Uri endpoint)
    {
        if (_resources.TryGetValue(endpoint.Authority, out ResourceQuota? quota))
        {
            foreach (OperationRateLimiter limiter in quota._limiters)
            {
                limiter.Reset();
            }
        }
    }

    /// <summary>Returns the rate limiter of an operation.</summary>
    public OperationRateLimiter LimiterOf(IdentityOperation operation) => _limiters[(int)operation];
}
