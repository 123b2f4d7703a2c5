using System.Collections.Generic;

namespace AcsIdentity.Calls;

/// <summary>
/// A run of New-AcsIdentity. While it lasts, the ids of its identities may be nowhere but in the pipeline, and a cmdlet
/// that lets one go unfinished has to name it. Safe for concurrent use.
/// </summary>
internal sealed class CreationRun
{
    private readonly HashSet<string> _named = [];
    private volatile bool _isOver;

    /// <summary>Whether the pipeline has ended: whoever has one of the identities now has kept it.</summary>
    public bool IsOver => _isOver;

    public void End() => _isOver = true;

    /// <returns>Whether the identity has not been named before.</returns>
    public bool TryName(string id)
    {
        lock (_named)
        {
            return _named.Add(id);
        }
    }
}
