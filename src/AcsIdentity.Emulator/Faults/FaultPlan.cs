using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Faults;

/// <summary>The faults that an emulator has been told to show. Safe for concurrent use.</summary>
public sealed class FaultPlan
{
    private readonly object _lock = new();
    private readonly List<Trigger> _triggers = [];

    /// <summary>The faults in force, each with the number of calls that it has befallen.</summary>
    public IReadOnlyList<(Fault Fault, int Hits)> Faults
    {
        get
        {
            lock (_lock)
            {
                return _triggers.Select(trigger => (trigger.Fault, trigger.Hits)).ToArray();
            }
        }
    }

    /// <summary>Adds a fault. Where several befall the same call, the one that was added first does.</summary>
    /// <exception cref="ArgumentException">The fault contradicts itself.</exception>
    public void Add(Fault fault)
    {
        Trigger trigger = CreateTrigger(fault);
        lock (_lock)
        {
            _triggers.Add(trigger);
        }
    }

    /// <summary>Takes all faults back and sets these, each counting calls from now on.</summary>
    /// <exception cref="ArgumentException">A fault contradicts itself; nothing has changed then.</exception>
    public void Replace(IEnumerable<Fault> faults)
    {
        Trigger[] triggers = faults.Select(CreateTrigger).ToArray();
        lock (_lock)
        {
            _triggers.Clear();
            _triggers.AddRange(triggers);
        }
    }

    /// <summary>Takes all faults back.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _triggers.Clear();
        }
    }

    /// <summary>Counts a call.</summary>
    /// <returns>The fault that befalls it, or null.</returns>
    internal Fault? FaultForNextCall(ServiceOperation operation)
    {
        lock (_lock)
        {
            // Each fault counts each call, whichever of them befalls it: the k-th call is the k-th call.
            Trigger[] hits = _triggers.Where(trigger => trigger.CountCall(operation)).ToArray();
            if (hits.Length == 0)
            {
                return null;
            }

            hits[0].Hits++;
            return hits[0].Fault;
        }
    }

    private static Trigger CreateTrigger(Fault fault) =>
        fault.Problem() is { } problem ? throw new ArgumentException(problem, nameof(fault)) : new Trigger(fault);

    private sealed class Trigger(Fault fault)
    {
        private readonly Random _random = new(fault.Seed);
        private int _calls;

        public Fault Fault { get; } = fault;

        public int Hits { get; set; }

        public bool CountCall(ServiceOperation operation)
        {
            if (Fault.Operation is { } only && only != operation)
            {
                return false;
            }

            _calls++;
            return Fault switch
            {
                { Next: { } next } => _calls <= next,
                { Every: { } every } => _calls % every == 0,
                _ => _random.NextDouble() < Fault.Probability,
            };
        }
    }
}
