using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Ports;

namespace AcsIdentity.Service.Quota;

/// <summary>
/// The quota of one resource, and what keeps the calls under it: one for the whole process, so that cmdlets in several
/// runspaces together stay under it. Safe for concurrent use.
/// </summary>
internal sealed class ResourceQuota
{
    private static readonly ConcurrentDictionary<string, ResourceQuota> _resources = new();

    private readonly Dictionary<IdentityOperation, QuotaPacer> _pacers = Enum.GetValues(typeof(IdentityOperation))
        .Cast<IdentityOperation>()
        .ToDictionary(operation => operation, _ => new QuotaPacer(ServiceQuota.Window));

    private ServiceQuota _numbers = new();

    private ResourceQuota() => Numbers = _numbers;

    /// <summary>The numbers, at first the service's documented ones. Whoever sets them sets them for everybody.</summary>
    public ServiceQuota Numbers
    {
        get => _numbers;
        set
        {
            lock (_pacers)
            {
                _numbers = value;
                foreach (KeyValuePair<IdentityOperation, QuotaPacer> pacer in _pacers)
                {
                    pacer.Value.Resize(value.For(pacer.Key));
                }
            }
        }
    }

    /// <summary>The quota of the resource at that address.</summary>
    public static ResourceQuota Of(Uri endpoint) => _resources.GetOrAdd(endpoint.Authority, _ => new ResourceQuota());

    /// <summary>What keeps the calls of an operation under it.</summary>
    public QuotaPacer For(IdentityOperation operation) => _pacers[operation];
}
