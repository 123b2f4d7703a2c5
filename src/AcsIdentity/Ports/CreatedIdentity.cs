namespace AcsIdentity.Ports;

/// <summary>A new identity.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">The token that was issued in the same call; null where none was asked for, or where the service sent none.</param>
public sealed record CreatedIdentity(string Id, IssuedToken? Token);
