using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;

namespace AcsIdentity.Tests.Ledger;

/// <summary>A ledger with a run of New-AcsIdentity, for one resource.</summary>
internal sealed class LedgerSession : IDisposable
{
    /// <summary>Now, as exactly as every store keeps it.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    public static readonly Uri Resource = new("https://contoso.communication.azure.com/");

    private int _ids;

    public LedgerSession(ILedgerStore store)
    {
        Ledger = store.Open(CancellationToken.None);
        Run = Ledger.BeginRun();
    }

    public IIdentityLedger Ledger { get; }

    public Guid Run { get; }

    /// <summary>The resource of the intents.</summary>
    public Uri Endpoint { get; init; } = Resource;

    public static RecordedToken Token(double issuedAfterMinutes = 0, double lifetimeMinutes = 60, params string[] scopes) =>
        new(scopes.Length == 0 ? ["chat"] : scopes, Now.AddMinutes(issuedAfterMinutes), Now.AddMinutes(issuedAfterMinutes + lifetimeMinutes));

    public CreateIntent Intent(string? tag = null, bool isOnlyOne = false) => new(Endpoint, tag, isOnlyOne, Run, Now, Now.AddMinutes(5));

    public string NewId() => $"8:acs:{Run}_{Interlocked.Increment(ref _ids):x8}-14a2-493b-8a72-5a3a0d000081";

    /// <summary>Records an intent that no other one stands against.</summary>
    /// <returns>Its key.</returns>
    public async Task<string> AddAsync(CreateIntent intent) => ((IntentResult.Recorded)await Ledger.AddIntentAsync(intent)).Key;

    public Task<IntentResult> AskAsync(string tag) => Ledger.AddIntentAsync(Intent(tag, isOnlyOne: true));

    /// <summary>Records an intent and its identity.</summary>
    /// <returns>The id.</returns>
    public async Task<string> CreateAsync(string? tag = null, RecordedToken? token = null, bool isOnlyOne = false)
    {
        CreateIntent intent = Intent(tag, isOnlyOne);
        string id = NewId();
        await Ledger.SetCreatedAsync(intent, await AddAsync(intent), id, Now, token);
        return id;
    }

    public IReadOnlyList<IdentityRecord> Find(IdentityQuery query) => [.. Ledger.Find(query, CancellationToken.None)];

    public IReadOnlyList<IdentityRecord> Find(IdentityState states = IdentityState.All) => Find(new IdentityQuery(Endpoint) { States = states });

    public IdentityRecord Get(string id) => Find(new IdentityQuery(Endpoint) { States = IdentityState.All, Id = id }).Single();

    public void Dispose()
    {
        Ledger.EndRun(Run);
        Ledger.Dispose();
    }
}
