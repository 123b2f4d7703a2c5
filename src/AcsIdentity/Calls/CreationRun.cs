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

    /// <summary>Whether the pipeline has ended. Identities that still exist were kept by the user.</summary>
    public bool IsOver => _isOver;

    /// <summary>Marks the pipeline as ended.</summary>
    public void End() => _isOver = true;

    /// <returns>True the first time that it is called with this id.</returns>
    public bool TryName(string id)
    {
        lock (_named)
        {
            return _named.Add(id);
        }
    }
}
