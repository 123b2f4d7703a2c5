using System;
using System.Collections.Generic;

namespace AcsIdentity.Ports;

/// <summary>What the ledger keeps of a token.</summary>
/// <param name="Scopes">Its scopes.</param>
/// <param name="IssuedOn">When the service's answer came.</param>
/// <param name="ExpiresOn">When it expires.</param>
public sealed record RecordedToken(IReadOnlyCollection<string> Scopes, DateTimeOffset IssuedOn, DateTimeOffset ExpiresOn);
