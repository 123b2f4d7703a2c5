using System;
using System.Collections.Generic;
using System.Text;
using AcsIdentity.Ports;
using Microsoft.Data.Sqlite;

namespace AcsIdentity.Ledger.Sqlite;

/// <summary>Searches of records. An id or a tag is found by its index.</summary>
internal static class SqliteSearch
{
    private const string Columns = "id, tag, state, created_on, created_by, token_scope, token_expires_on, tokens_revoked_on, deleted_on";

    public static SqliteDataReader Execute(SqliteDatabase database, IdentityQuery query) => Execute(database, query, "");

    /// <summary>Finds one record, the oldest if there are several. Those of other programs count as older.</summary>
    public static IdentityRecord? FindOldest(SqliteDatabase database, IdentityQuery query)
    {
        using SqliteDataReader rows = Execute(database, query, " ORDER BY created_on, key LIMIT 1");
        return rows.Read() ? ReadRecord(rows) : null;
    }

    public static IdentityRecord ReadRecord(SqliteDataReader row)
    {
        return new IdentityRecord
        {
            Id = Text(0),
            Tag = Text(1),
            State = (IdentityState)row.GetInt32(2),
            CreatedOn = Time(3),
            CreatedBy = Text(4),
            Scopes = ScopeText.Read(Text(5)),
            TokenExpiresOn = Time(6),
            TokensRevokedOn = Time(7),
            DeletedOn = Time(8),
        };

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        DateTimeOffset? Time(int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
    }

    private static SqliteDataReader Execute(SqliteDatabase database, IdentityQuery query, string order)
    {
        var sql = new StringBuilder($"SELECT {Columns} FROM identity WHERE resource = (SELECT key FROM resource WHERE endpoint = $endpoint)");
        var values = new List<(string, object?)> { ("$endpoint", SqliteRecords.NameOf(query.Endpoint)) };
        if (query.States != IdentityState.All)
        {
            Where("state & $states", "$states", (int)query.States);
        }

        Where("id = $id", "$id", query.Id);
        WherePrefix("id", query.IdPrefix);
        Where("tag = $tag", "$tag", query.Tag);
        WherePrefix("tag", query.TagPrefix);
        Where("created_on < $before", "$before", query.CreatedBefore?.ToUnixTimeMilliseconds());
        Where("created_on >= $after", "$after", query.CreatedAfter?.ToUnixTimeMilliseconds());
        Where("coalesce(token_live_until, 0) <= $now", "$now", query.WithoutTokenAt?.ToUnixTimeMilliseconds());
        return database.Query(sql.Append(order).ToString(), [.. values]);

        void Where(string condition, string name, object? value)
        {
            if (value is not null)
            {
                sql.Append(" AND ").Append(condition);
                values.Add((name, value));
            }
        }

        void WherePrefix(string column, string? prefix)
        {
            if (prefix is not null)
            {
                // The last code point of Unicode, which no text has, ends the range. So the index is used.
                Where($"{column} >= ${column}Start", $"${column}Start", prefix);
                Where($"{column} < ${column}End", $"${column}End", prefix + "\U0010FFFF");
            }
        }
    }
}
