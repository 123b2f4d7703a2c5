namespace AcsIdentity.Ports;

/// <summary>A new identity.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">The token that was issued in the same call; null where none was asked for.</param>
public sealed record CreatedIdentity(string Id, IssuedToken? Token);
