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
    internal static AcsConnection Open(Uri endpoint, SecureString accessKey, string source)
    {
        IIdentityServiceFactory factory = ModuleAssemblies.IdentityServiceFactory;
        return new AcsConnection(endpoint, source, factory.Sdk, factory.Create(endpoint, accessKey));
    }

    /// <inheritdoc cref="Open(Uri, SecureString, string)"/>
    /// <exception cref="FormatException">The connection string is broken.</exception>
    internal static AcsConnection Open(string connectionString, string source)
    {
        var parsed = ConnectionString.Parse(connectionString);
        return parsed is { Endpoint: { } endpoint, AccessKey: { } accessKey }
            ? Open(endpoint, accessKey, source)
            : OpenEmulator(source);
    }

    /// <summary>Opens the emulator of this process; starts it where none runs.</summary>
    internal static AcsConnection OpenEmulator(string source) => Open(AcsEmulator.GetOrStart().GetConnectionString(), source);
}
