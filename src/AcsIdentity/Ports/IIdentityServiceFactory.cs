using System;

namespace AcsIdentity.Ports;

/// <summary>Opens the way to a resource. Implemented by AcsIdentity.Service, which this assembly loads when first needed.</summary>
public interface IIdentityServiceFactory
{
    /// <summary>The client library that is linked, name and version: Microsoft's package or the stand-in.</summary>
    string Sdk { get; }

    /// <summary>Opens a resource. Sends nothing.</summary>
    /// <param name="endpoint">The address of the resource.</param>
    /// <param name="credential">What it is to be entered with.</param>
    /// <param name="entra">Where tokens of Entra ID come from; null for what goes with the endpoint.</param>
    /// <param name="quota">What its calls are kept under; null for the numbers in force, at first the service's documented ones.</param>
    IIdentityService Create(Uri endpoint, ServiceCredential credential, EntraSettings? entra = null, ServiceQuota? quota = null);
}
