using System;

namespace AcsIdentity.Ports;

/// <summary>Where tokens of Microsoft Entra ID come from and whom they are for, where that is not the public cloud.</summary>
public sealed record EntraSettings
{
    /// <summary>The authority that issues tokens; null for the one of the endpoint's cloud.</summary>
    public Uri? AuthorityHost { get; init; }

    /// <summary>The audience of the tokens; null for the one of the client library, https://communication.azure.com/.</summary>
    public string? Audience { get; init; }
}
