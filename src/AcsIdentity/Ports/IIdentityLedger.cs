using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace AcsIdentity.Ports;

/// <summary>A record of the identities of Communication Services resources, because the service cannot list them. Safe for concurrent use.</summary>
/// <remarks>
/// A task of a method that writes ends when the record is durable. Every method throws <see cref="LedgerException"/> if the
/// ledger cannot be read or written; it throws nothing else, except <see cref="OperationCanceledException"/> where it takes a
/// token. Tags and ids are compared with case.
/// </remarks>
public interface IIdentityLedger : IDisposable
{
    /// <summary>The file or the address of the table.</summary>
    string Location { get; }

    /// <summary>Begins a run of New-AcsIdentity. Its intents count as in flight until <see cref="EndRun"/>, or until the process dies.</summary>
    Guid BeginRun();

    /// <summary>Ends a run. Intents that it leaves are those of a dead run.</summary>
    void EndRun(Guid run);

    /// <summary>Marks the intents of dead runs as <see cref="IdentityState.Unknown"/>.</summary>
    /// <remarks>
    /// A run is dead if it ended, if its process on this machine has gone, or if the time is over that its calls can take. So intents
    /// of another machine are marked after that time only.
    /// </remarks>
    /// <param name="endpoint">The resource.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>How many were marked.</returns>
    Task<int> CloseDeadIntentsAsync(Uri endpoint, CancellationToken cancellationToken);

    /// <summary>Records that a create is about to be sent, unless the intent asks for the only identity with its tag and there is one.</summary>
    Task<IntentResult> AddIntentAsync(CreateIntent intent);

    /// <summary>Records the identity that a create made.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="key">Its key.</param>
    /// <param name="id">The id of the identity.</param>
    /// <param name="createdOn">When the service's answer came.</param>
    /// <param name="token">The token that was issued in the same call; null for none.</param>
    Task SetCreatedAsync(CreateIntent intent, string key, string id, DateTimeOffset createdOn, RecordedToken? token);

    /// <summary>Records that a create may have been carried out or not.</summary>
    Task SetUnknownAsync(CreateIntent intent, string key);

    /// <summary>Removes the intent of a create that was not carried out.</summary>
    Task RemoveIntentAsync(CreateIntent intent, string key);

    /// <summary>Records a token. An identity that the ledger did not know is added: it exists.</summary>
    Task AddTokenAsync(Uri endpoint, string id, string? tag, RecordedToken token);

    /// <summary>Records that all tokens were revoked that were issued until then. Does nothing if the ledger does not know the identity.</summary>
    Task SetTokensRevokedAsync(Uri endpoint, string id, DateTimeOffset revokedOn);

    /// <summary>Records that an identity was deleted. Does nothing if the ledger does not know it.</summary>
    Task SetDeletedAsync(Uri endpoint, string id, DateTimeOffset deletedOn);

    /// <summary>Adds a record from elsewhere. A known identity only gets a tag, if it had none.</summary>
    /// <param name="endpoint">The resource.</param>
    /// <param name="record">The record. It has an id, and is active or deleted.</param>
    /// <returns>The record that the ledger has now; its tag is another one if the identity was known under that.</returns>
    Task<IdentityRecord> ImportAsync(Uri endpoint, IdentityRecord record);

    /// <summary>Finds records. They come as they are read, in no particular order.</summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    IEnumerable<IdentityRecord> Find(IdentityQuery query, CancellationToken cancellationToken);
}
