using System;
using AcsIdentity.Ports;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>The row of a create that has no answer: it is in flight, or its outcome is unknown.</summary>
internal static class IntentRow
{
    private const string Machine = nameof(LedgerRuns.Machine);
    private const string Process = nameof(LedgerRuns.Process);

    public static string NewKey() => Guid.NewGuid().ToString("N");

    public static TableEntity Create(CreateIntent intent, string key, IdentityState state)
    {
        var row = new TableEntity(RowKey.Partition(intent.Endpoint), RowKey.Intent(key))
        {
            [RowState.Property] = state.ToString(),
            [nameof(IdentityRecord.CreatedOn)] = intent.SentOn,
            [nameof(IdentityRecord.CreatedBy)] = LedgerRuns.User,
            [Machine] = LedgerRuns.Machine,
            [Process] = LedgerRuns.Process,
            [nameof(intent.Run)] = intent.Run,
            [nameof(intent.EndsBy)] = intent.EndsBy,
        };
        if (intent.Tag is { } tag)
        {
            row[nameof(intent.Tag)] = tag;
        }

        return row;
    }

    /// <summary>Whether its run can no longer complete it.</summary>
    public static bool IsDead(TableEntity row, DateTimeOffset now) => LedgerRuns.IsDead(
        row.GetString(Machine),
        row.GetString(Process),
        row.GetGuid(nameof(CreateIntent.Run))!.Value,
        row.GetDateTimeOffset(nameof(CreateIntent.EndsBy))!.Value,
        now);

    public static IdentityRecord ToRecord(TableEntity row) => new()
    {
        Tag = row.GetString(nameof(IdentityRecord.Tag)),
        State = RowState.Read(row),
        CreatedOn = row.GetDateTimeOffset(nameof(IdentityRecord.CreatedOn)),
        CreatedBy = row.GetString(nameof(IdentityRecord.CreatedBy)),
    };
}
