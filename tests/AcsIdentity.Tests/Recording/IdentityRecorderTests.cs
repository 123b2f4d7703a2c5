using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using AcsIdentity.Ledger;
using AcsIdentity.Ports;
using AcsIdentity.Recording;
using Xunit;

namespace AcsIdentity.Tests.Recording;

/// <summary>What the ledger has at each step of a call, and what happens if it cannot be written.</summary>
public sealed class IdentityRecorderTests : IDisposable
{
    private const string Id = "8:acs:11111111-1111-1111-1111-111111111111_22222222-2222-2222-2222-222222222222";

    private static readonly Uri _endpoint = new("https://r.communication.azure.com/");

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly IIdentityLedger _ledger;
    private readonly IdentityRecorder _recorder;

    public IdentityRecorderTests()
    {
        _ledger = Open();
        _recorder = Begin(_ledger);
    }

    public void Dispose()
    {
        _recorder.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_create_is_an_intent_before_it_is_sent()
    {
        IdentityRecord? seen = null;
        await CreateAsync(create: () =>
        {
            seen = Single();
            return Created();
        });

        Assert.Equal((IdentityState.Pending, "ann", null), (seen!.State, seen.Tag, seen.Id));
        Assert.NotNull(seen.CreatedOn);
        Assert.Equal($"{Environment.UserName}@{Environment.MachineName}", seen.CreatedBy);
    }

    [Fact]
    public async Task A_created_identity_is_recorded_with_the_scopes_and_the_expiry_of_its_token()
    {
        DateTimeOffset expiry = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds());

        CreatedIdentity identity = await CreateAsync(create: () => Task.FromResult(new CreatedIdentity(Id, new IssuedToken(new SecureString(), expiry))));

        Assert.Equal((Id, true), (identity.Id, identity.IsNew));
        IdentityRecord record = Single();
        Assert.Equal((IdentityState.Active, Id, "ann", expiry), (record.State, record.Id, record.Tag, record.TokenExpiresOn));
        Assert.Equal(["chat"], record.Scopes);
    }

    [Fact]
    public async Task A_create_of_unknown_outcome_stays_in_the_ledger()
    {
        await Assert.ThrowsAsync<AcsServiceException>(() => CreateAsync(create: () => Fail(FailureKind.OutcomeUnknown)));

        Assert.Equal(IdentityState.Unknown, Single().State);
    }

    [Fact]
    public async Task A_create_that_was_refused_leaves_nothing()
    {
        await Assert.ThrowsAsync<AcsServiceException>(() => CreateAsync(create: () => Fail(FailureKind.Throttled)));
        await Assert.ThrowsAsync<OperationCanceledException>(() => CreateAsync(create: () => Task.FromException<CreatedIdentity>(new OperationCanceledException())));

        Assert.Empty(Find());
    }

    [Fact]
    public async Task An_identity_that_cannot_be_recorded_is_deleted_again()
    {
        using IdentityRecorder recorder = Begin(new BrokenLedger(Open()));
        var deleted = new List<string>();

        LedgerException failure = await Assert.ThrowsAsync<LedgerException>(() => CreateAsync(recorder, delete: (id, _) =>
        {
            deleted.Add(id);
            return Task.CompletedTask;
        }));

        Assert.Equal([Id], deleted);
        Assert.Contains("No space. The identity " + Id, failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.UnrecordedId);
    }

    [Fact]
    public async Task An_identity_that_can_neither_be_recorded_nor_deleted_is_named()
    {
        using IdentityRecorder recorder = Begin(new BrokenLedger(Open()));

        LedgerException failure = await Assert.ThrowsAsync<LedgerException>(() => CreateAsync(recorder, delete: (_, _) => Fail(FailureKind.Connection)));

        Assert.Equal(Id, failure.UnrecordedId);
        Assert.Contains(Id, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reuse_sends_nothing_if_the_tag_has_an_identity()
    {
        await CreateAsync();

        CreatedIdentity identity = await CreateAsync(reuse: true, create: () => throw new InvalidOperationException("It was sent."));

        Assert.Equal((Id, false), (identity.Id, identity.IsNew));
    }

    [Fact]
    public async Task Reuse_waits_for_another_run_that_creates_the_identity()
    {
        var answer = new TaskCompletionSource<CreatedIdentity>();
        using IdentityRecorder other = Begin(Open());
        (Task first, Task sent) = BeginCreate(other, answer.Task);
        // Its intent is recorded before. Without the wait, the other one could be the first.
        await sent;
        Task<CreatedIdentity> second = CreateAsync(reuse: true, create: () => throw new InvalidOperationException("It was sent twice."));
        await Task.Delay(100);
        Assert.False(second.IsCompleted);

        answer.SetResult(new CreatedIdentity(Id, null));

        await first;
        Assert.Equal((Id, false), ((await second).Id, (await second).IsNew));
    }

    [Fact]
    public async Task Reuse_gives_up_after_the_time_limit_and_names_the_other_run()
    {
        var answer = new TaskCompletionSource<CreatedIdentity>();
        using IdentityRecorder other = Begin(Open());
        (Task first, Task sent) = BeginCreate(other, answer.Task);
        // Its intent is recorded before. Without the wait, the other one could be the first.
        await sent;

        AcsServiceException failure = await Assert.ThrowsAsync<AcsServiceException>(() => CreateAsync(reuse: true, timeout: TimeSpan.FromMilliseconds(50)));

        Assert.Equal(FailureKind.TagInUse, failure.Kind);
        Assert.Contains($"{Environment.UserName}@{Environment.MachineName} is creating it", failure.Message, StringComparison.Ordinal);
        answer.SetResult(new CreatedIdentity(Id, null));
        await first;
    }

    [Fact]
    public async Task An_intent_of_a_run_that_is_over_becomes_unknown_and_is_counted_once()
    {
        using (IdentityRecorder dead = Begin(Open()))
        {
            _ = CreateAsync(dead, reuse: true, create: () => new TaskCompletionSource<CreatedIdentity>().Task);
            await Eventually(() => Find().Count == 1);
        }

        using IdentityRecorder next = Begin(Open());
        Assert.Equal((1, 0), (next.TakeAbandoned(), next.TakeAbandoned()));
        Assert.Equal(IdentityState.Unknown, Single().State);

        // Its tag is free again.
        Assert.True((await CreateAsync(next, reuse: true)).IsNew);
    }

    [Fact]
    public async Task A_create_that_waits_takes_over_from_a_run_that_dies_meanwhile()
    {
        IdentityRecorder dying = Begin(Open());
        _ = CreateAsync(dying, reuse: true, create: () => new TaskCompletionSource<CreatedIdentity>().Task);
        await Eventually(() => Find().Count == 1);
        Task<CreatedIdentity> waiting = CreateAsync(reuse: true);

        dying.Dispose();

        Assert.True((await waiting).IsNew);
        Assert.Equal(1, _recorder.TakeAbandoned());
    }

    [Fact]
    public async Task Tokens_revocations_and_deletions_are_recorded_after_the_call()
    {
        await CreateAsync();
        DateTimeOffset expiry = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddHours(2).ToUnixTimeMilliseconds());

        await _recorder.IssueAsync(Id, "ann", ["voip"], () => Task.FromResult(new IssuedToken(new SecureString(), expiry)));
        Assert.Equal(("voip", expiry), (string.Join(",", Single().Scopes), Single().TokenExpiresOn));

        await _recorder.RevokeAsync(Id, () => Task.CompletedTask);
        Assert.Equal(("", null), (string.Join(",", Single().Scopes), Single().TokenExpiresOn));
        Assert.NotNull(Single().TokensRevokedOn);

        await Assert.ThrowsAsync<AcsServiceException>(() => _recorder.DeleteAsync(Id, () => Fail(FailureKind.Connection)));
        Assert.Equal(IdentityState.Active, Single().State);

        await _recorder.DeleteAsync(Id, () => Task.CompletedTask);
        Assert.Equal(IdentityState.Deleted, Single().State);
    }

    [Fact]
    public void Without_a_ledger_nothing_is_between_the_caller_and_the_call()
    {
        using var recorder = new IdentityRecorder(ledger: null, _endpoint);
        Task<CreatedIdentity> create = Created();
        Task<IssuedToken> issue = Task.FromResult(new IssuedToken(new SecureString(), default));
        Task revoke = new TaskCompletionSource().Task;

        Assert.Same(create, CreateAsync(recorder, create: () => create));
        Assert.Same(issue, recorder.IssueAsync(Id, "ann", ["voip"], () => issue));
        Assert.Same(revoke, recorder.RevokeAsync(Id, () => revoke));
        Assert.Same(revoke, recorder.DeleteAsync(Id, () => revoke));
    }

    [Fact]
    public async Task The_identity_of_an_exchanged_token_is_recorded()
    {
        const string UserId = "8:acs:2dee53b4-368b-45b4-ab52-8493fb117652_87d349ed-44d7-43e1-9a83-5f2406dee5bd_e5b7f628-ea94-4fdc-b3d9-1af1fe231111";
        DateTimeOffset expiry = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeMilliseconds());
        var exchanged = new ExchangedToken(UserId, new IssuedToken(new SecureString(), expiry));

        Assert.Same(exchanged, await _recorder.ExchangeAsync(() => Task.FromResult(exchanged)));

        Assert.Equal((UserId, null, IdentityState.Active, expiry), (Single().Id, Single().Tag, Single().State, Single().TokenExpiresOn));
        Assert.Empty(Single().Scopes);
    }

    [Fact]
    public async Task An_identity_that_the_service_does_not_have_is_recorded_as_deleted()
    {
        await CreateAsync();

        await Assert.ThrowsAsync<AcsServiceException>(() => _recorder.DeleteAsync(Id, () => Fail(FailureKind.IdentityNotFound)));

        Assert.Equal(IdentityState.Deleted, Single().State);
    }

    [Fact]
    public void A_tag_that_would_be_changed_is_refused()
    {
        Assert.Contains("NUL", RecordableTag.FindProblem("a\0b"), StringComparison.Ordinal);
        Assert.Contains("surrogate", RecordableTag.FindProblem("a\uD800"), StringComparison.Ordinal);
        Assert.Contains("surrogate", RecordableTag.FindProblem("\uDC00b"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tag_may_have_as_many_characters_as_a_table_keeps()
    {
        Assert.Null(RecordableTag.FindProblem(new string('x', 32767)));
        Assert.Contains("32,768 characters", RecordableTag.FindProblem(new string('x', 32768)), StringComparison.Ordinal);
        Assert.Null(RecordableTag.FindProblem("😀\r\n'\"/\\#?%"));
    }

    private static Task<CreatedIdentity> Created() => Task.FromResult(new CreatedIdentity(Id, Token: null));

    private static Task<CreatedIdentity> Fail(FailureKind kind) => Task.FromException<CreatedIdentity>(new AcsServiceException(kind, _endpoint, "No."));

    private static IdentityRecorder Begin(IIdentityLedger ledger)
    {
        var recorder = new IdentityRecorder(ledger, _endpoint);
        recorder.BeginCreates(default);
        return recorder;
    }

    private static async Task Eventually(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(10);
        }
    }

    private IIdentityLedger Open() => new LedgerStoreFactory().File(Path.Combine(_folder, "acs.db")).Open(default);

    private Task<CreatedIdentity> CreateAsync(
        IdentityRecorder? recorder = null,
        bool reuse = false,
        Func<Task<CreatedIdentity>>? create = null,
        Func<string, CancellationToken, Task>? delete = null,
        TimeSpan? timeout = null) =>
        (recorder ?? _recorder).CreateAsync(
            "ann", reuse, ["chat"], timeout ?? TimeSpan.FromMinutes(1), create ?? Created, delete ?? ((_, _) => throw new InvalidOperationException("It was deleted.")), default);

    /// <summary>Begins a create that ends with the answer, and tells when it is sent.</summary>
    private (Task Created, Task Sent) BeginCreate(IdentityRecorder recorder, Task<CreatedIdentity> answer)
    {
        var sent = new TaskCompletionSource();
        Task created = CreateAsync(recorder, reuse: true, create: () =>
        {
            sent.SetResult();
            return answer;
        });
        return (created, sent.Task);
    }

    private List<IdentityRecord> Find() => _ledger.Find(new IdentityQuery(_endpoint) { States = IdentityState.All }, default).ToList();

    private IdentityRecord Single() => Assert.Single(Find());

    /// <summary>A ledger that takes intents and nothing more, as after a disk has become full.</summary>
    private sealed class BrokenLedger(IIdentityLedger ledger) : IIdentityLedger
    {
        public string Location => ledger.Location;

        public Guid BeginRun() => ledger.BeginRun();

        public void EndRun(Guid run) => ledger.EndRun(run);

        public Task<int> CloseDeadIntentsAsync(Uri endpoint, CancellationToken cancellationToken) => ledger.CloseDeadIntentsAsync(endpoint, cancellationToken);

        public Task<IntentResult> AddIntentAsync(CreateIntent intent) => ledger.AddIntentAsync(intent);

        public Task SetCreatedAsync(CreateIntent intent, string key, string id, DateTimeOffset createdOn, RecordedToken? token) => Refuse();

        public Task SetUnknownAsync(CreateIntent intent, string key) => Refuse();

        public Task RemoveIntentAsync(CreateIntent intent, string key) => Refuse();

        public Task AddTokenAsync(Uri endpoint, string id, string? tag, RecordedToken token) => Refuse();

        public Task SetTokensRevokedAsync(Uri endpoint, string id, DateTimeOffset revokedOn) => Refuse();

        public Task SetDeletedAsync(Uri endpoint, string id, DateTimeOffset deletedOn) => Refuse();

        public Task<IdentityRecord> ImportAsync(Uri endpoint, IdentityRecord record) => throw new NotSupportedException();

        public IEnumerable<IdentityRecord> Find(IdentityQuery query, CancellationToken cancellationToken) => ledger.Find(query, cancellationToken);

        public void Dispose() => ledger.Dispose();

        private Task Refuse() => Task.FromException(new LedgerException(LedgerFailureKind.Unavailable, Location, "No space."));
    }
}
