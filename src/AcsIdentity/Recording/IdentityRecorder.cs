using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ports;

namespace AcsIdentity.Recording;

/// <summary>Makes the calls of one command, and records in the ledger what they did before anybody else hears of it. Without a ledger it only makes them.</summary>
/// <param name="ledger">The ledger; null for none. It is closed with this object.</param>
/// <param name="endpoint">The resource.</param>
internal sealed class IdentityRecorder(IIdentityLedger? ledger, Uri endpoint) : IDisposable
{
    /// <summary>How much longer than its time limit a create may take, and how much the clocks of two machines may differ.</summary>
    private static readonly TimeSpan _margin = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _undoTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(0.5);

    private Guid? _run;
    private int _abandoned;

    /// <summary>Prepares for creates. May be called again.</summary>
    /// <returns>The run; null without a ledger.</returns>
    /// <exception cref="LedgerException">The ledger cannot be written.</exception>
    public Guid? BeginCreates(CancellationToken cancellationToken)
    {
        if (ledger is not null && _run is null)
        {
            _run = ledger.BeginRun();
            _abandoned += ledger.CloseDeadIntentsAsync(endpoint, cancellationToken).GetAwaiter().GetResult();
        }

        return _run;
    }

    /// <summary>Takes the number of creates that dead runs left and that now count as unknown, each once.</summary>
    public int TakeAbandoned() => Interlocked.Exchange(ref _abandoned, 0);

    /// <summary>Creates an identity.</summary>
    /// <param name="tag">The caller's name for it.</param>
    /// <param name="reuse">Whether to use the recorded identity with this tag, if there is one.</param>
    /// <param name="scopes">The scopes of a token that is issued in the same call; empty for none.</param>
    /// <param name="timeout">The time limit of the call.</param>
    /// <param name="create">Sends the create.</param>
    /// <param name="delete">Deletes the identity again if it cannot be recorded.</param>
    /// <param name="cancellationToken">Cancels the wait for another run that is creating the identity with this tag.</param>
    public Task<CreatedIdentity> CreateAsync(
        string? tag,
        bool reuse,
        IReadOnlyCollection<string> scopes,
        TimeSpan timeout,
        Func<Task<CreatedIdentity>> create,
        Func<string, CancellationToken, Task> delete,
        CancellationToken cancellationToken) =>
        ledger is null ? create() : CreateAsync(ledger, tag, reuse, scopes, timeout, create, delete, cancellationToken);

    /// <summary>Issues a token.</summary>
    public Task<IssuedToken> IssueAsync(string id, string? tag, IReadOnlyCollection<string> scopes, Func<Task<IssuedToken>> issue) =>
        ledger is null ? issue() : IssueAsync(ledger, id, tag, scopes, issue);

    /// <summary>Exchanges the token of a user for whom the service has an identity.</summary>
    public async Task<ExchangedToken> ExchangeAsync(Func<Task<ExchangedToken>> exchange)
    {
        ExchangedToken exchanged = await exchange().ConfigureAwait(false);
        if (ledger is not null)
        {
            await ledger.AddTokenAsync(endpoint, exchanged.Id, tag: null, new RecordedToken([], DateTimeOffset.UtcNow, exchanged.Token.ExpiresOn)).ConfigureAwait(false);
        }

        return exchanged;
    }

    /// <summary>Revokes the tokens of an identity.</summary>
    public Task RevokeAsync(string id, Func<Task> revoke) => ledger is null ? revoke() : RevokeAsync(ledger, id, revoke);

    /// <summary>Deletes an identity. One that the service does not have is recorded as deleted too, or every cleanup would try it again.</summary>
    public Task DeleteAsync(string id, Func<Task> delete) => ledger is null ? delete() : DeleteAsync(ledger, id, delete);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (ledger is not null && _run is { } run)
        {
            ledger.EndRun(run);
        }

        ledger?.Dispose();
    }

    private async Task<CreatedIdentity> CreateAsync(
        IIdentityLedger ledger,
        string? tag,
        bool reuse,
        IReadOnlyCollection<string> scopes,
        TimeSpan timeout,
        Func<Task<CreatedIdentity>> create,
        Func<string, CancellationToken, Task> delete,
        CancellationToken cancellationToken)
    {
        (CreateIntent intent, IntentResult result) = await AddIntentAsync(ledger, tag, reuse, timeout, cancellationToken).ConfigureAwait(false);
        if (result is not IntentResult.Recorded { Key: var key })
        {
            return new CreatedIdentity(((IntentResult.Exists)result).Identity.Id!, Token: null) { IsNew = false };
        }

        CreatedIdentity created;
        try
        {
            created = await create().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is AcsServiceException or OperationCanceledException)
        {
            await TryCloseAsync(ledger, intent, key, failure is AcsServiceException { Kind: FailureKind.OutcomeUnknown }).ConfigureAwait(false);
            throw;
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        RecordedToken? token = created.Token is { } issued ? new RecordedToken(scopes, now, issued.ExpiresOn) : null;
        try
        {
            await ledger.SetCreatedAsync(intent, key, created.Id, now, token).ConfigureAwait(false);
        }
        catch (LedgerException failure)
        {
            throw await UndoAsync(created.Id, delete, failure).ConfigureAwait(false);
        }

        return created;
    }

    private async Task<IssuedToken> IssueAsync(IIdentityLedger ledger, string id, string? tag, IReadOnlyCollection<string> scopes, Func<Task<IssuedToken>> issue)
    {
        IssuedToken token = await issue().ConfigureAwait(false);
        // A token counts, with or without the tag.
        string? recordable = tag is not null && RecordableTag.FindProblem(tag) is null ? tag : null;
        await ledger.AddTokenAsync(endpoint, id, recordable, new RecordedToken(scopes, DateTimeOffset.UtcNow, token.ExpiresOn)).ConfigureAwait(false);
        return token;
    }

    private async Task RevokeAsync(IIdentityLedger ledger, string id, Func<Task> revoke)
    {
        // A token that another call got after this moment may be valid.
        DateTimeOffset sentOn = DateTimeOffset.UtcNow;
        await revoke().ConfigureAwait(false);
        await ledger.SetTokensRevokedAsync(endpoint, id, sentOn).ConfigureAwait(false);
    }

    private async Task DeleteAsync(IIdentityLedger ledger, string id, Func<Task> delete)
    {
        try
        {
            await delete().ConfigureAwait(false);
        }
        catch (AcsServiceException failure) when (failure.Kind == FailureKind.IdentityNotFound)
        {
            await ledger.SetDeletedAsync(endpoint, id, DateTimeOffset.UtcNow).ConfigureAwait(false);
            throw;
        }

        await ledger.SetDeletedAsync(endpoint, id, DateTimeOffset.UtcNow).ConfigureAwait(false);
    }

    /// <summary>Records the intent. If another run is creating the identity with this tag, waits for it.</summary>
    private async Task<(CreateIntent Intent, IntentResult Result)> AddIntentAsync(
        IIdentityLedger ledger, string? tag, bool reuse, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        for (TimeSpan wait = TimeSpan.FromMilliseconds(10); ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DateTimeOffset now = DateTimeOffset.UtcNow;
            var intent = new CreateIntent(endpoint, tag, reuse, _run!.Value, now, now + timeout + _margin);
            IntentResult result = await ledger.AddIntentAsync(intent).ConfigureAwait(false);
            if (result is not IntentResult.InProgress other)
            {
                return (intent, result);
            }

            if (watch.Elapsed > timeout)
            {
                throw new AcsServiceException(FailureKind.TagInUse, endpoint, $"{other.By} is creating it.");
            }

            await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
            if (wait == _longestWait)
            {
                Interlocked.Add(ref _abandoned, await ledger.CloseDeadIntentsAsync(endpoint, cancellationToken).ConfigureAwait(false));
            }

            wait = wait + wait < _longestWait ? wait + wait : _longestWait;
        }
    }

    /// <summary>Closes the intent of a create that failed. If that is not possible the intent stays, which is true as well, and the next create reports why.</summary>
    private static async Task TryCloseAsync(IIdentityLedger ledger, CreateIntent intent, string key, bool isUnknown)
    {
        try
        {
            await (isUnknown ? ledger.SetUnknownAsync(intent, key) : ledger.RemoveIntentAsync(intent, key)).ConfigureAwait(false);
        }
        catch (LedgerException)
        {
        }
    }

    /// <summary>Deletes an identity that could not be recorded, so that no identity is left that the ledger does not know.</summary>
    /// <returns>The failure, with what became of the identity.</returns>
    private static async Task<LedgerException> UndoAsync(string id, Func<string, CancellationToken, Task> delete, LedgerException failure)
    {
        using var timeLimit = new CancellationTokenSource(_undoTime);
        try
        {
            await delete(id, timeLimit.Token).ConfigureAwait(false);
            return new LedgerException(failure.Kind, failure.Location, $"{failure.Message} The identity {id} was just created; because it could not be recorded, it was deleted again.", failure);
        }
        catch (Exception undone) when (undone is AcsServiceException or OperationCanceledException)
        {
            return new LedgerException(
                failure.Kind, failure.Location, $"{failure.Message} The identity {id} was just created. It could neither be recorded nor deleted again: note the id.", failure)
            {
                UnrecordedId = id,
            };
        }
    }
}
