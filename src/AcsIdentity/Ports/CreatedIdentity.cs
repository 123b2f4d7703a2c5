namespace AcsIdentity.Ports;

/// <summary>An identity that a create returns.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">The token that was issued in the same call; null if none was requested, or if the service sent none.</param>
public sealed record CreatedIdentity(string Id, IssuedToken? Token)
{
    /// <summary>Whether the create made it. Else it is one that the ledger had.</summary>
    public bool IsNew { get; init; } = true;
}
