using System;
using System.Security;

namespace AcsIdentity.Ports;

/// <summary>An access token as the service issued it.</summary>
/// <param name="Token">The token, read-only.</param>
/// <param name="ExpiresOn">When it expires.</param>
public sealed record IssuedToken(SecureString Token, DateTimeOffset ExpiresOn);
