using System;

namespace AcsIdentity.Ports;

/// <summary>The authority and the audience for tokens of Microsoft Entra ID, if they are not those of the public cloud.</summary>
public sealed record EntraSettings
{
    /// <summary>The authority that issues tokens; null for the authority of the endpoint's cloud.</summary>
    public Uri? AuthorityHost { get; init; }

    /// <summary>The audience of the tokens; null for the audience of the client library, https://communication.azure.com/.</summary>
    public string? Audience { get; init; }
}
