namespace AcsIdentity.Ports;

/// <summary>An access token that the service issued for a user's Entra token.</summary>
/// <param name="Id">The identity that the service has for the user.</param>
/// <param name="Token">The token.</param>
public sealed record ExchangedToken(string Id, IssuedToken Token);
