namespace AcsIdentity.Ports;

/// <summary>A new identity.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">The token that was issued in the same call; null if none was requested, or if the service sent none.</param>
public sealed record CreatedIdentity(string Id, IssuedToken? Token);
