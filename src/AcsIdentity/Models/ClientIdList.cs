using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

namespace AcsIdentity.Models;

/// <summary>Client ids of applications. The text form separates them with commas, so that Export-Csv keeps them.</summary>
public sealed class ClientIdList : ReadOnlyCollection<Guid>
{
    internal ClientIdList(IEnumerable<Guid> clientIds)
        : base(clientIds.Distinct().ToArray())
    {
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(",", this);
}
