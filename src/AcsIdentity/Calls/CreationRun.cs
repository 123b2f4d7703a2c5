using System.Collections.Generic;

namespace AcsIdentity.Calls;

/// <summary>
/// One run of New-AcsIdentity. While it lasts, the pipeline may be the only place that knows its identities' ids. A cmdlet
/// that stops before it is done with such an identity names it in a warning. Thread-safe.
/// </summary>
internal sealed class CreationRun
{
    private readonly HashSet<string> _named = [];
    private volatile bool _isOver;
    private volatile bool _isBroken;

    /// <summary>Whether the pipeline has ended. Identities that still exist were kept by the user.</summary>
    public bool IsOver => _isOver;

    /// <summary>Whether a later cmdlet ended the pipeline before it was done with the identities of this run.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>How many identities the pipeline has read.</summary>
    public int Written { get; set; }

    /// <summary>Marks the pipeline as ended.</summary>
    public void End() => _isOver = true;

    /// <summary>Marks the pipeline as ended by a later cmdlet that was not done.</summary>
    public void Break() => _isBroken = true;

    /// <returns>True the first time that it is called with this id.</returns>
    public bool TryName(string id)
    {
        lock (_named)
        {
            return _named.Add(id);
        }
    }
}
