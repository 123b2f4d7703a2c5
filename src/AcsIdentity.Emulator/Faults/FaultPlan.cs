using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Emulator.Identities;

namespace AcsIdentity.Emulator.Faults;

/// <summary>The current faults of an emulator. Safe for concurrent use.</summary>
public sealed class FaultPlan
{
    private readonly object _lock = new();
    private readonly List<Trigger> _triggers = [];

    /// <summary>The current faults, each with the number of calls that it was applied to.</summary>
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

    /// <summary>Adds a fault. If several faults match a call, the one that was added first applies.</summary>
    /// <exception cref="ArgumentException">The fault contradicts itself.</exception>
    public void Add(Fault fault)
    {
        Trigger trigger = CreateTrigger(fault);
        lock (_lock)
        {
            _triggers.Add(trigger);
        }
    }

    /// <summary>Replaces all faults. The new faults count calls from now.</summary>
    /// <exception cref="ArgumentException">A fault contradicts itself. The current faults stay.</exception>
    public void Replace(IEnumerable<Fault> faults)
    {
        Trigger[] triggers = faults.Select(CreateTrigger).ToArray();
        lock (_lock)
        {
            _triggers.Clear();
            _triggers.AddRange(triggers);
        }
    }

    /// <summary>Removes all faults.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _triggers.Clear();
        }
    }

    /// <summary>Counts a call and selects its fault.</summary>
    /// <returns>The fault that applies to the call, or null.</returns>
    internal Fault? FaultForNextCall(ServiceOperation operation)
    {
        lock (_lock)
        {
            if (_triggers.Count == 0)
            {
                return null;
            }

            // Every fault counts every call, also when another fault applies to it.
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
        fault.FindProblem() is { } problem ? throw new ArgumentException(problem, nameof(fault)) : new Trigger(fault);

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
