using System;
using System.Security;
using AcsIdentity.Connections;
using AcsIdentity.Loading;
using AcsIdentity.Ports;

namespace AcsIdentity;

/// <summary>A resource and the credential for it, as Connect-AcsIdentity makes it. It does not show the credential.</summary>
public sealed class AcsConnection
{
    private AcsConnection(Uri endpoint, string source, string sdk, IIdentityService service)
    {
        Endpoint = endpoint;
        Source = source;
        Sdk = sdk;
        Service = service;
    }

    /// <summary>The address of the resource.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where endpoint and credential came from: a parameter, or an environment variable.</summary>
    public string Source { get; }

    /// <summary>The client library that is linked, name and version: Microsoft's package or the stand-in.</summary>
    public string Sdk { get; }

    internal IIdentityService Service { get; }

    /// <inheritdoc/>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Opens the way to a resource. Sends nothing.</summary>
    /// <param name="endpoint">The address of the resource.</param>
    /// <param name="accessKey">One of its keys.</param>
    /// <param name="source">Where the two came from.</param>
    /// <param name="quota">What its calls are kept under; null for the numbers in force, at first the service's documented ones.</param>
    internal static AcsConnection Open(Uri endpoint, SecureString accessKey, string source, ServiceQuota? quota = null)
    {
        IIdentityServiceFactory factory = ModuleAssemblies.IdentityServiceFactory;
        return new AcsConnection(endpoint, source, factory.Sdk, factory.Create(endpoint, accessKey, quota));
    }

    /// <inheritdoc cref="Open(Uri, SecureString, string, ServiceQuota)"/>
    /// <exception cref="FormatException">The connection string is broken.</exception>
    internal static AcsConnection Open(string connectionString, string source)
    {
        var parsed = ConnectionString.Parse(connectionString);
        return parsed is { Endpoint: { } endpoint, AccessKey: { } accessKey }
            ? Open(endpoint, accessKey, source)
            : OpenEmulator(source);
    }

    /// <summary>Opens the emulator of this process; starts it where none runs. It has no quota unless it was told to, so none is kept.</summary>
    internal static AcsConnection OpenEmulator(string source)
    {
        var emulator = ConnectionString.Parse(AcsEmulator.GetOrStart().GetConnectionString());
        return Open(emulator.Endpoint!, emulator.AccessKey!, source, ServiceQuota.Unlimited);
    }
}
