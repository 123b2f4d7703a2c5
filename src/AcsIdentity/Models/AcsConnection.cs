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
    public string? Name { get; private set; }

    /// <summary>The file or the address of the table that records the identities; null if the connection has no ledger.</summary>
    public string? Ledger => LedgerStore?.Location;

    internal IIdentityService Service { get; }

    /// <summary>The time at the resource, to tell whether its tokens have expired.</summary>
    internal DateTimeOffset Now => AcsEmulator.GetTimeAt(Endpoint);

    internal ILedgerStore? LedgerStore { get; private init; }

    /// <inheritdoc/>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Returns the same connection with a name.</summary>
    internal AcsConnection WithName(string name)
    {
        var named = (AcsConnection)MemberwiseClone();
        named.Name = name;
        return named;
    }

    /// <summary>Opens a connection to a resource. Sends no request.</summary>
    /// <param name="endpoint">The address of the resource.</param>
    /// <param name="credential">The credential for the resource.</param>
    /// <param name="source">The parameter or environment variable that named the two.</param>
    /// <param name="ledger">The place of the ledger; null for none. A ledger from the environment is for the caller to find.</param>
    /// <param name="entra">The source of Entra ID tokens. Null selects the one of the endpoint's cloud.</param>
    /// <param name="quota">The limits for its calls. Null keeps the current limits; the first ones are those that the service documents.</param>
    /// <exception cref="InvalidLedgerException">The ledger cannot be used with this credential.</exception>
    internal static AcsConnection Open(
        Uri endpoint, ServiceCredential credential, string source, LedgerLocation? ledger, EntraSettings? entra = null, ServiceQuota? quota = null)
    {
        IIdentityServiceFactory factory = ModuleAssemblies.IdentityServiceFactory;
        return new AcsConnection(endpoint, credential.Name, source, factory.Sdk, factory.Create(endpoint, credential, entra, quota))
        {
            LedgerStore = ledger?.Locate(endpoint, credential, entra),
        };
    }

    /// <summary>Opens a connection to the resource that a connection string names. Sends no request.</summary>
    /// <exception cref="FormatException">The connection string is not valid.</exception>
    /// <exception cref="InvalidLedgerException">The ledger cannot be used with an access key.</exception>
    internal static AcsConnection Open(string connectionString, string source, LedgerLocation? ledger)
    {
        var parsed = ConnectionString.Parse(connectionString);
        return parsed is { Endpoint: { } endpoint, AccessKey: { } accessKey }
            ? Open(endpoint, new ServiceCredential.AccessKey(accessKey), source, ledger)
            : OpenEmulator(source, ledger);
    }

    /// <summary>Opens a connection to the emulator in this process, and starts the emulator if it is not running.</summary>
    /// <remarks>By default the emulator has no quota, so calls to it have no limit.</remarks>
    /// <exception cref="InvalidLedgerException">The ledger cannot be used with an access key.</exception>
    internal static AcsConnection OpenEmulator(string source, LedgerLocation? ledger)
    {
        var emulator = ConnectionString.Parse(AcsEmulator.GetOrStart().GetConnectionString());
        return Open(emulator.Endpoint!, new ServiceCredential.AccessKey(emulator.AccessKey!), source, ledger, quota: ServiceQuota.Unlimited);
    }
}
