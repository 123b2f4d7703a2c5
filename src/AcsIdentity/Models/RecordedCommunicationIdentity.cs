using System;
using System.Management.Automation;
using AcsIdentity.Ports;

namespace AcsIdentity.Models;

/// <summary>An identity as the ledger records it. It has no id if the create has no answer.</summary>
public sealed class RecordedCommunicationIdentity : CommunicationIdentity
{
    private readonly IdentityRecord _record;

    /// <summary>Makes an identity object, for example for a mock of Get-AcsIdentity. Records nothing.</summary>
    /// <param name="record">What the ledger knows.</param>
    public RecordedCommunicationIdentity(IdentityRecord record)
        : base((record ?? throw new ArgumentNullException(nameof(record))).Id ?? "", record.Tag, accessToken: null, createdBy: null) => _record = record;

    /// <inheritdoc/>
    public override string? Tag => base.Tag;

    /// <summary>The id. Empty if the create has no answer: the state is then Pending or Unknown.</summary>
    public override string Id => base.Id;

    /// <summary>Whether the identity exists.</summary>
    public IdentityState State => _record.State;

    /// <summary>When it was created, or the create was sent; null if another program created it. As all times here, a DateTimeOffset whose text is ISO 8601 in UTC.</summary>
    public PSObject? CreatedOn => Show(_record.CreatedOn);

    /// <summary>Who created it: user and machine; null if another program did.</summary>
    public new string? CreatedBy => _record.CreatedBy;

    /// <summary>The scopes of its last token; null if none was issued, or if it was revoked.</summary>
    public TokenScope? Scope => _record.Scopes.Count > 0 ? new TokenScope(_record.Scopes) : null;

    /// <summary>When its last token expires; null if none was issued, or if it was revoked.</summary>
    public PSObject? TokenExpiresOn => Show(_record.TokenExpiresOn);

    /// <summary>When its tokens were revoked last.</summary>
    public PSObject? TokensRevokedOn => Show(_record.TokensRevokedOn);

    /// <summary>When it was deleted.</summary>
    public PSObject? DeletedOn => Show(_record.DeletedOn);

    private static UtcTime? Show(DateTimeOffset? time) => time is { } known ? new UtcTime(known) : null;
}
