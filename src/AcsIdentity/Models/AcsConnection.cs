using System;
using AcsIdentity.Connections;
using AcsIdentity.Loading;
using AcsIdentity.Ports;

namespace AcsIdentity.Models;

/// <summary>A resource and the credential for it, as Connect-AcsIdentity makes it. It does not show the credential.</summary>
public sealed class AcsConnection
{
    internal AcsConnection(Uri endpoint, string credential, string source, string sdk, IIdentityService service)
    {
        Endpoint = endpoint;
        Credential = credential;
        Source = source;
        Sdk = sdk;
        Service = service;
    }

    /// <summary>The address of the resource.</summary>
    public Uri Endpoint { get; }

    /// <summary>The kind of credential, by name.</summary>
    public string Credential { get; }

    /// <summary>Where endpoint and credential came from: a parameter, or an environment variable.</summary>
    public string Source { get; }

    /// <summary>The client library that is linked, name and version: Microsoft's package or the stand-in.</summary>
    public string Sdk { get; }

    internal IIdentityService Service { get; }

    /// <inheritdoc/>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Opens the way to a resource. Sends nothing.</summary>
    /// <param name="endpoint">The address of the resource.</param>
    /// <param name="credential">What it is to be entered with.</param>
    /// <param name="source">Where the two came from.</param>
    /// <param name="entra">Where tokens of Entra ID come from; null for what goes with the endpoint.</param>
    /// <param name="quota">What its calls are kept under; null for the numbers in force, at first the service's documented ones.</param>
    internal static AcsConnection Open(Uri endpoint, ServiceCredential credential, string source, EntraSettings? entra = null, ServiceQuota? quota = null)
    {
        IIdentityServiceFactory factory = ModuleAssemblies.IdentityServiceFactory;
        return new AcsConnection(endpoint, credential.Name, source, factory.Sdk, factory.Create(endpoint, credential, entra, quota));
    }

    /// <summary>Opens the way to the resource that a connection string names. Sends nothing.</summary>
    /// <exception cref="FormatException">The connection string is broken.</exception>
    internal static AcsConnection Open(string connectionString, string source)
    {
        var parsed = ConnectionString.Parse(connectionString);
        return parsed is { Endpoint: { } endpoint, AccessKey: { } accessKey }
            ? Open(endpoint, new ServiceCredential.AccessKey(accessKey), source)
            : OpenEmulator(source);
    }

    /// <summary>Opens the emulator of this process; starts it where none runs. It has no quota unless it was told to, so none is kept.</summary>
    internal static AcsConnection OpenEmulator(string source)
    {
        var emulator = ConnectionString.Parse(AcsEmulator.GetOrStart().GetConnectionString());
        return Open(emulator.Endpoint!, new ServiceCredential.AccessKey(emulator.AccessKey!), source, quota: ServiceQuota.Unlimited);
    }
}
