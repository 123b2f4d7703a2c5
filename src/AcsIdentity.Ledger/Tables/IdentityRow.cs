using System;
using System.Collections.Generic;
using System.Linq;
using AcsIdentity.Ports;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>The row of an identity. Changes have the same result if they are made twice, because an answer may get lost.</summary>
internal sealed class IdentityRow
{
    /// <summary>Stands for no live token. Table Storage has no condition for a property that is missing, and no earlier time.</summary>
    private static readonly DateTimeOffset _never = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TableEntity _entity;
    private readonly TableEntity? _stored;

    /// <param name="entity">The row as it was read.</param>
    public IdentityRow(TableEntity entity)
    {
        _entity = entity;
        _stored = new TableEntity(entity);
    }

    /// <summary>Begins the row of an active identity.</summary>
    public IdentityRow(string partition, string id)
    {
        _entity = new TableEntity(partition, RowKey.Identity(id))
        {
            [nameof(Id)] = id,
            [RowState.Property] = nameof(IdentityState.Active),
            [nameof(TokenLiveUntil)] = _never,
        };
    }

    /// <summary>Whether the table does not have it yet.</summary>
    public bool IsNew => _stored is null;

    /// <summary>Whether the table has it already as it is now.</summary>
    public bool IsSaved => _stored is not null && _stored.Count == _entity.Count && _stored.All(property => property.Value.Equals(_entity[property.Key]));

    public string Id => _entity.GetString(nameof(Id));

    public string? Tag
    {
        get => _entity.GetString(nameof(Tag));
        private set => Set(nameof(Tag), value);
    }

    private IdentityState State
    {
        get => RowState.Read(_entity);
        set => _entity[RowState.Property] = value.ToString();
    }

    private DateTimeOffset? CreatedOn => _entity.GetDateTimeOffset(nameof(CreatedOn));

    private DateTimeOffset? TokenIssuedOn => _entity.GetDateTimeOffset(nameof(TokenIssuedOn));

    private DateTimeOffset? TokensRevokedOn => _entity.GetDateTimeOffset(nameof(TokensRevokedOn));

    private DateTimeOffset? DeletedOn => _entity.GetDateTimeOffset(nameof(DeletedOn));

    /// <summary>The latest expiry of a token that is not revoked.</summary>
    private DateTimeOffset TokenLiveUntil
    {
        get => _entity.GetDateTimeOffset(nameof(TokenLiveUntil)) ?? _never;
        set => _entity[nameof(TokenLiveUntil)] = value;
    }

    public bool HasTokenAt(DateTimeOffset time) => TokenLiveUntil > time;

    public void SetTag(string? tag) => Tag ??= tag;

    public void SetCreated(string intent, string? tag, DateTimeOffset createdOn, RecordedToken? token)
    {
        _entity["Intent"] = intent;
        _entity[nameof(CreatedOn)] = createdOn;
        _entity[nameof(IdentityRecord.CreatedBy)] = LedgerRuns.User;
        SetTag(tag);
        if (token is not null)
        {
            AddToken(token);
        }
    }

    public void AddToken(RecordedToken token)
    {
        // Answers of calls that were in flight together may come in another order.
        if (token.IssuedOn <= TokensRevokedOn || token.IssuedOn <= DeletedOn)
        {
            return;
        }

        State = IdentityState.Active;
        _entity.Remove(nameof(DeletedOn));
        TokenLiveUntil = token.ExpiresOn > TokenLiveUntil ? token.ExpiresOn : TokenLiveUntil;
        if (!(token.IssuedOn < TokenIssuedOn))
        {
            Set(TokenProperty.Scope, ScopeText.Of(token.Scopes));
            _entity[nameof(TokenIssuedOn)] = token.IssuedOn;
            _entity[TokenProperty.ExpiresOn] = token.ExpiresOn;
        }
    }

    public void RevokeTokens(DateTimeOffset revokedOn)
    {
        _entity[nameof(TokensRevokedOn)] = TokensRevokedOn > revokedOn ? TokensRevokedOn : revokedOn;
        if (!(TokenIssuedOn > revokedOn))
        {
            _entity.Remove(TokenProperty.Scope);
            _entity.Remove(TokenProperty.ExpiresOn);
            TokenLiveUntil = _never;
        }
    }

    public void Delete(DateTimeOffset deletedOn)
    {
        if (State != IdentityState.Deleted)
        {
            State = IdentityState.Deleted;
            _entity[nameof(DeletedOn)] = deletedOn;
            TokenLiveUntil = _never;
        }
    }

    /// <summary>Takes over all that a record from elsewhere says.</summary>
    public void Import(IdentityRecord record)
    {
        State = record.State;
        Tag = record.Tag;
        Set(nameof(CreatedOn), record.CreatedOn);
        Set(nameof(record.CreatedBy), record.CreatedBy);
        Set(TokenProperty.Scope, ScopeText.Of(record.Scopes));
        Set(TokenProperty.ExpiresOn, record.TokenExpiresOn);
        Set(nameof(TokensRevokedOn), record.TokensRevokedOn);
        Set(nameof(DeletedOn), record.DeletedOn);
        TokenLiveUntil = record.State == IdentityState.Deleted ? _never : record.TokenExpiresOn ?? _never;
    }

    /// <summary>The changes of rows that record this one, in a transaction. If the row was read, nobody may have changed it since.</summary>
    public IReadOnlyList<TableTransactionAction> Save()
    {
        var actions = new List<TableTransactionAction>
        {
            IsNew
                ? new(TableTransactionActionType.Add, _entity)
                : new(TableTransactionActionType.UpdateReplace, _entity, _entity.ETag),
        };
        if (_stored?.GetString(nameof(Tag)) is null && Tag is { } tag)
        {
            var index = new TableEntity(_entity.PartitionKey, RowKey.Tag(tag, Id)) { [nameof(Id)] = Id };
            actions.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, index));
        }

        return actions;
    }

    public IdentityRecord ToRecord() => new()
    {
        Id = Id,
        Tag = Tag,
        State = State,
        CreatedOn = CreatedOn,
        CreatedBy = _entity.GetString(nameof(IdentityRecord.CreatedBy)),
        Scopes = ScopeText.Read(_entity.GetString(TokenProperty.Scope)),
        TokenExpiresOn = _entity.GetDateTimeOffset(TokenProperty.ExpiresOn),
        TokensRevokedOn = TokensRevokedOn,
        DeletedOn = DeletedOn,
    };

    private void Set(string property, object? value)
    {
        if (value is null)
        {
            _entity.Remove(property);
        }
        else
        {
            _entity[property] = value;
        }
    }

    private static class TokenProperty
    {
        public const string Scope = "TokenScope";
        public const string ExpiresOn = "TokenExpiresOn";
    }
}
