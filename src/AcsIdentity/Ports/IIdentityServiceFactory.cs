using System;

namespace AcsIdentity.Ports;

/// <summary>Creates services for resources. AcsIdentity.Service implements it; that assembly is loaded at the first use.</summary>
public interface IIdentityServiceFactory
{
    /// <summary>Name and version of the linked client library: Microsoft's package or the stand-in.</summary>
    string Sdk { get; }

    /// <summary>Creates the service for a resource, without a request.</summary>
    /// <param name="endpoint">The address of the resource.</param>
    /// <param name="credential">The credential for the resource.</param>
    /// <param name="entra">The authority and audience for Entra ID tokens; null for those of the endpoint's cloud.</param>
    /// <param name="quota">The quota of the resource; null for the current one, which is the documented one until it is set.</param>
    IIdentityService Create(Uri endpoint, ServiceCredential credential, EntraSettings? entra = null, ServiceQuota? quota = null);

    /// <summary>Forgets the calls that this process sent to a resource. Its limits stay. For an emulator that was reset or started anew.</summary>
    void ResetQuota(Uri endpoint);
}
