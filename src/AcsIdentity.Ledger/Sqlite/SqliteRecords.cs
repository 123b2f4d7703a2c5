using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AcsIdentity.Ports;
using Microsoft.Data.Sqlite;

namespace AcsIdentity.Ledger.Sqlite;

/// <summary>The statements that write records. Used within a transaction, by one thread at a time.</summary>
internal sealed class SqliteRecords(SqliteDatabase database)
{
    private readonly Dictionary<Uri, object> _resources = [];

    /// <summary>The resource as the ledger names it.</summary>
    public static string NameOf(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Authority);

    /// <summary>Forgets what was read in a transaction that failed.</summary>
    public void Forget() => _resources.Clear();

    public int AddRun(Guid run) => database.Execute(
        "INSERT INTO run (run, user, machine, process, started_on) VALUES ($run, $user, $machine, $process, $now)",
        ("$run", run.ToString()), ("$user", LedgerRuns.User), ("$machine", LedgerRuns.Machine), ("$process", LedgerRuns.Process), ("$now", Time(DateTimeOffset.UtcNow)));

    public int CloseDeadIntents(Uri endpoint)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        var dead = new List<string>();
        using (SqliteDataReader rows = database.Query(
            "SELECT identity.key, machine, process, run.run, ends_by FROM identity JOIN run ON run.key = identity.run WHERE resource = $resource AND state = 2",
            ("$resource", ResourceOf(endpoint))))
        {
            while (rows.Read())
            {
                if (LedgerRuns.IsDead(rows.GetString(1), rows.GetString(2), Guid.Parse(rows.GetString(3)), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(4)), now))
                {
                    dead.Add(rows.GetString(0));
                }
            }
        }

        return dead.Sum(SetUnknown);
    }

    public IntentResult AddIntent(CreateIntent intent)
    {
        object resource = ResourceOf(intent.Endpoint);
        if (intent.IsOnlyOne)
        {
            IdentityRecord? existing = SqliteSearch.FindOldest(database, new IdentityQuery(intent.Endpoint) { Tag = intent.Tag });
            if (existing is not null)
            {
                return new IntentResult.Exists(existing);
            }

            if (database.Scalar("SELECT created_by FROM identity WHERE resource = $resource AND tag = $tag AND is_only_one = 1", ("$resource", resource), ("$tag", intent.Tag)) is { } other)
            {
                return new IntentResult.InProgress((string)other);
            }
        }

        object? key = database.Scalar(
            """
            INSERT INTO identity (resource, state, tag, is_only_one, run, ends_by, created_on, created_by)
            VALUES ($resource, 2, $tag, $only, (SELECT key FROM run WHERE run = $run), $end, $now, $user)
            RETURNING key
            """,
            ("$resource", resource), ("$tag", intent.Tag), ("$only", intent.IsOnlyOne), ("$run", intent.Run.ToString()), ("$end", Time(intent.EndsBy)),
            ("$now", Time(intent.SentOn)), ("$user", LedgerRuns.User));
        return new IntentResult.Recorded(Convert.ToString(key, CultureInfo.InvariantCulture)!);
    }

    public int SetCreated(CreateIntent intent, string key, string id, DateTimeOffset createdOn, RecordedToken? token)
    {
        int changed = database.Execute(
            """
            UPDATE OR IGNORE identity SET state = 1, id = $id, created_on = $created,
                token_scope = $scope, token_issued_on = $issued, token_expires_on = $expires, token_live_until = $expires
            WHERE key = $key AND id IS NULL
            """,
            [("$key", key), ("$id", id), ("$created", Time(createdOn)), .. TokenValues(token)]);
        return changed > 0 ? changed : AddCreated(intent, key, id, createdOn, token);
    }

    public int SetUnknown(string key) => database.Execute("UPDATE identity SET state = 4, is_only_one = 0 WHERE key = $key AND state = 2", ("$key", key));

    public int RemoveIntent(string key) => database.Execute("DELETE FROM identity WHERE key = $key AND id IS NULL", ("$key", key));

    public int AddToken(Uri endpoint, string id, string? tag, RecordedToken token) => database.Execute(
        // The answers of calls that were in flight together may be recorded in another order.
        """
        INSERT INTO identity (resource, state, id, tag, token_scope, token_issued_on, token_expires_on, token_live_until)
        VALUES ($resource, 1, $id, $tag, $scope, $issued, $expires, $expires)
        ON CONFLICT (resource, id) DO UPDATE SET
            tag = coalesce(tag, $tag),
            state = 1,
            deleted_on = NULL,
            token_scope = iif(token_issued_on > $issued, token_scope, $scope),
            token_expires_on = iif(token_issued_on > $issued, token_expires_on, $expires),
            token_issued_on = max(coalesce(token_issued_on, 0), $issued),
            token_live_until = max(coalesce(token_live_until, 0), $expires)
        WHERE coalesce(tokens_revoked_on, 0) < $issued AND coalesce(deleted_on, 0) < $issued
        """,
        [("$resource", ResourceOf(endpoint)), ("$id", id), ("$tag", tag), .. TokenValues(token)]);

    public int SetTokensRevoked(Uri endpoint, string id, DateTimeOffset revokedOn) => database.Execute(
        """
        UPDATE identity SET
            tokens_revoked_on = max(coalesce(tokens_revoked_on, 0), $now),
            token_scope = iif(token_issued_on > $now, token_scope, NULL),
            token_expires_on = iif(token_issued_on > $now, token_expires_on, NULL),
            token_live_until = iif(token_issued_on > $now, token_live_until, NULL)
        WHERE resource = $resource AND id = $id
        """,
        ("$resource", ResourceOf(endpoint)), ("$id", id), ("$now", Time(revokedOn)));

    public int SetDeleted(Uri endpoint, string id, DateTimeOffset deletedOn) => database.Execute(
        "UPDATE identity SET state = 8, is_only_one = 0, deleted_on = $now, token_live_until = NULL WHERE resource = $resource AND id = $id AND state <> 8",
        ("$resource", ResourceOf(endpoint)), ("$id", id), ("$now", Time(deletedOn)));

    public IdentityRecord Import(Uri endpoint, IdentityRecord record)
    {
        database.Execute(
            """
            INSERT INTO identity (resource, state, id, tag, created_on, created_by, token_scope, token_expires_on, token_live_until, tokens_revoked_on, deleted_on)
            VALUES ($resource, $state, $id, $tag, $created, $by, $scope, $expires, iif($state = 1, $expires, NULL), $revoked, $deleted)
            ON CONFLICT (resource, id) DO UPDATE SET tag = coalesce(tag, $tag)
            """,
            ("$resource", ResourceOf(endpoint)), ("$state", (int)record.State), ("$id", record.Id), ("$tag", record.Tag), ("$created", Time(record.CreatedOn)),
            ("$by", record.CreatedBy), ("$scope", ScopeText.Of(record.Scopes)), ("$expires", Time(record.TokenExpiresOn)),
            ("$revoked", Time(record.TokensRevokedOn)), ("$deleted", Time(record.DeletedOn)));
        return SqliteSearch.FindOldest(database, new IdentityQuery(endpoint) { Id = record.Id, States = IdentityState.All })!;
    }

    /// <summary>Records an identity whose intent has gone, or whose id the ledger knows already: somebody imported it, or issued a token for it.</summary>
    private int AddCreated(CreateIntent intent, string key, string id, DateTimeOffset createdOn, RecordedToken? token)
    {
        RemoveIntent(key);
        int changed = database.Execute(
            """
            INSERT INTO identity (resource, state, id, tag, created_on, created_by) VALUES ($resource, 1, $id, $tag, $created, $user)
            ON CONFLICT (resource, id) DO UPDATE SET tag = coalesce(tag, $tag), created_on = $created, created_by = $user
            """,
            ("$resource", ResourceOf(intent.Endpoint)), ("$id", id), ("$tag", intent.Tag), ("$created", Time(createdOn)), ("$user", LedgerRuns.User));
        return token is null ? changed : AddToken(intent.Endpoint, id, intent.Tag, token);
    }

    private static long? Time(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static (string Name, object? Value)[] TokenValues(RecordedToken? token) =>
        [("$scope", token is null ? null : ScopeText.Of(token.Scopes)), ("$issued", Time(token?.IssuedOn)), ("$expires", Time(token?.ExpiresOn))];

    private object ResourceOf(Uri endpoint)
    {
        if (!_resources.TryGetValue(endpoint, out object? key))
        {
            string name = NameOf(endpoint);
            database.Execute("INSERT OR IGNORE INTO resource (endpoint) VALUES ($endpoint)", ("$endpoint", name));
            _resources[endpoint] = key = database.Scalar("SELECT key FROM resource WHERE endpoint = $endpoint", ("$endpoint", name))!;
        }

        return key;
    }
}
