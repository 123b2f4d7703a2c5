using System;

namespace AcsIdentity.Ports;

/// <summary>What the ledger knows of an identity.</summary>
[Flags]
public enum IdentityState
{
    /// <summary>Created and not deleted.</summary>
    Active = 1,

    /// <summary>Its create is in flight, or was when the process died. There is no id yet.</summary>
    Pending = 2,

    /// <summary>Its create may have been carried out or not. There is no id, so it cannot be used.</summary>
    Unknown = 4,

    /// <summary>Deleted.</summary>
    Deleted = 8,

    /// <summary>All of them, for a search.</summary>
    All = Active | Pending | Unknown | Deleted,
}
