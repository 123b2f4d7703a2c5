namespace AcsIdentity.Ports;

/// <summary>Why a ledger cannot be used.</summary>
public enum LedgerFailureKind
{
    /// <summary>The place cannot be a ledger, for example a folder, or has something else, such as a newer version's ledger.</summary>
    Invalid,

    /// <summary>The ledger cannot be read or written now: no space, no permission, a lock, no connection, or damage.</summary>
    Unavailable,
}
