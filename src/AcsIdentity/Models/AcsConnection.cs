using System;
using AcsIdentity.Connections;
using AcsIdentity.Loading;
using AcsIdentity.Ports;

namespace AcsIdentity.Models;

/// <summary>A resource and the credential for it, as Connect-AcsIdentity writes it. No property shows the credential itself.</summary>
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

    /// <summary>The name of the kind of credential.</summary>
    public string Credential { get; }

    /// <summary>The parameter or environment variable that named the endpoint and the credential.</summary>
    public string Source { get; }

    /// <summary>The name and version of the client library in use: Microsoft's package or the stand-in.</summary>
    public string Sdk { get; }

    /// <summary>The name that Connect-AcsIdentity -Name gave it; null if it has none.</summary>
    public string? Name { get; private init; }

    internal IIdentityService Service { get; }

    /// <inheritdoc/>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Returns the same connection with a name.</summary>
    internal AcsConnection WithName(string name) => new(Endpoint, Credential, Source, Sdk, Service) { Name = name };

    /// <summary>Opens a connection to a resource. Sends no request.</summary>
    /// <param name="endpoint">The address of the resource.</param>
    /// <param name="credential">The credential for the resource.</param>
    /// <param name="source">The parameter or environment variable that named the two.</param>
    /// <param name="entra">The source of Entra ID tokens. Null selects the one of the endpoint's cloud.</param>
    /// <param name="quota">The limits for its calls. Null keeps the current limits; the first ones are those that the service documents.</param>
    internal static AcsConnection Open(Uri endpoint, ServiceCredential credential, string source, EntraSettings? entra = null, ServiceQuota? quota = null)
    {
        IIdentityServiceFactory factory = ModuleAssemblies.IdentityServiceFactory;
        return new AcsConnection(endpoint, credential.Name, source, factory.Sdk, factory.Create(endpoint, credential, entra, quota));
    }

    /// <summary>Opens a connection to the resource that a connection string names. Sends no request.</summary>
    /// <exception cref="FormatException">The connection string is not valid.</exception>
    internal static AcsConnection Open(string connectionString, string source)
    {
        var parsed = ConnectionString.Parse(connectionString);
        return parsed is { Endpoint: { } endpoint, AccessKey: { } accessKey }
            ? Open(endpoint, new ServiceCredential.AccessKey(accessKey), source)
            : OpenEmulator(source);
    }

    /// <summary>Opens a connection to the emulator in this process, and starts the emulator if it is not running.</summary>
    /// <remarks>By default the emulator has no quota, so calls to it have no limit.</remarks>
    internal static AcsConnection OpenEmulator(string source)
    {
        var emulator = ConnectionString.Parse(AcsEmulator.GetOrStart().GetConnectionString());
        return Open(emulator.Endpoint!, new ServiceCredential.AccessKey(emulator.AccessKey!), source, quota: ServiceQuota.Unlimited);
    }
}
