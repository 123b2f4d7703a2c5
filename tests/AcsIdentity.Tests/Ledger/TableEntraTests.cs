using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Emulator.Entra;
using AcsIdentity.Emulator.Server;
using AcsIdentity.Ledger.Tables;
using AcsIdentity.Ports;
using AcsIdentity.Tests.Support;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Xunit;
using static AcsIdentity.Tests.Ledger.LedgerSession;

namespace AcsIdentity.Tests.Ledger;

/// <summary>A table on Azurite over HTTPS, with tokens of the emulator's tenant. Azurite checks audience, issuer and times of a token.</summary>
public sealed class TableEntraTests : IAsyncLifetime
{
    private readonly string _table = AzuriteTables.NewName();
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly X509Certificate2 _certificate = ServerCertificate.Create();
    private EmulatorHost _emulator = null!;
    private AzuriteServer? _azurite;

    private EntraOptions Entra => _emulator.Emulator.Entra;

    public async Task InitializeAsync() => _emulator = await EmulatorHost.StartAsync(HostKind.KestrelOverHttps);

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        await _emulator.DisposeAsync();
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public async Task Entra_token_for_storage_opens_the_table()
    {
        using HttpClientHandler handler = TrustAll();
        ILedgerStore store = await StoreAsync(Entra.ClientSecret, handler);
        using var session = new LedgerSession(store);

        string id = await session.CreateAsync("tag", Token(), isOnlyOne: true);

        Assert.Equal("tag", session.Get(id).Tag);
        Assert.IsType<IntentResult.Exists>(await session.AskAsync("tag"));
        Assert.Empty(session.Find(IdentityState.Pending));
        // One token for all commands of the store.
        using var second = new LedgerSession(store);
        Assert.Single(second.Find());
        Assert.DoesNotContain(await DumpAsync(handler), text => text.Contains("eyJ", StringComparison.Ordinal) || text.Contains(Entra.ClientSecret, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Sign_in_that_fails_is_said_in_plain_words()
    {
        using HttpClientHandler handler = TrustAll();
        ILedgerStore store = await StoreAsync("wrong secret", handler);

        LedgerException failure = Assert.Throws<LedgerException>(() => store.Open(CancellationToken.None));

        Assert.Equal(LedgerFailureKind.Unavailable, failure.Kind);
        Assert.StartsWith($"Signing in with the service principal {Entra.ClientId} with a secret failed. ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("AADSTS7000215", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong secret", failure.ToString(), StringComparison.Ordinal);
    }

    private static HttpClientHandler TrustAll() => new() { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };

    private async Task<ILedgerStore> StoreAsync(string secret, HttpClientHandler handler)
    {
        string certificate = Path.Combine(_folder, "certificate.pem");
        string key = Path.Combine(_folder, "key.pem");
        await File.WriteAllTextAsync(certificate, _certificate.ExportCertificatePem());
        using ECDsa privateKey = _certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(key, privateKey.ExportPkcs8PrivateKeyPem());
        _azurite = await AzuriteServer.StartAsync(0, "--oauth", "basic", "--cert", certificate, "--key", key);
        var transport = new HttpClientTransport(handler);
        return TableStore.Create(
            new Uri(_azurite.Account, _table),
            _emulator.Endpoint,
            new ServiceCredential.ClientSecret(Entra.TenantId.ToString(), Entra.ClientId.ToString(), Secret.FromText(secret)),
            // The audience of the service is not the one of storage.
            new EntraSettings { AuthorityHost = _emulator.Endpoint, Audience = EntraRequest.Resource },
            transport,
            transport);
    }

    private async Task<string[]> DumpAsync(HttpClientHandler handler)
    {
        var table = new TableClient(_azurite!.ConnectionString, _table, new TableClientOptions { Transport = new HttpClientTransport(handler) });
        return [.. await table.QueryAsync<TableEntity>().SelectMany(row => row.Select(property => $"{property.Key}={property.Value}").ToAsyncEnumerable()).ToArrayAsync()];
    }
}
