using System;
using AcsIdentity.Calls;

namespace AcsIdentity.Models;

/// <summary>
/// An identity of a Communication Services resource. Objects with the same id are equal; tag and token are not compared. One
/// without an id, from the ledger, equals only itself.
/// </summary>
public class CommunicationIdentity : ICreated, IEquatable<CommunicationIdentity>
{
    /// <summary>Makes an identity object, for example for a mock of New-AcsIdentity. Creates nothing in the service.</summary>
    /// <param name="id">The id.</param>
    /// <param name="tag">The caller's name for the identity.</param>
    /// <param name="accessToken">The token that was issued with the identity.</param>
    /// <exception cref="ArgumentException">The id is not valid in form, or the token is of another identity.</exception>
    public CommunicationIdentity(string id, string? tag = null, CommunicationToken? accessToken = null)
        : this(AcsId.Require(id), tag, accessToken, createdBy: null)
    {
        if (accessToken is not null && accessToken.Id != id)
        {
            throw new ArgumentException("The token is of another identity.", nameof(accessToken));
        }
    }

    /// <summary>Takes the service's answer as it is: an identity that exists must not get lost.</summary>
    internal CommunicationIdentity(string id, string? tag, CommunicationToken? accessToken, CreationRun? createdBy)
    {
        Tag = tag;
        Id = id;
        AccessToken = accessToken;
        CreatedBy = createdBy;
    }

    // The properties are virtual for their order: Export-Csv lists those of a derived type first.

    /// <summary>The caller's name for the identity. It is not sent to the service.</summary>
    public virtual string? Tag { get; }

    /// <summary>The id, such as 8:acs:&lt;resource id&gt;_&lt;user id&gt;.</summary>
    public virtual string Id { get; }

    /// <summary>The token that was issued with the identity. Null if none was requested.</summary>
    public virtual CommunicationToken? AccessToken { get; }

    internal CreationRun? CreatedBy { get; }

    CreationRun? ICreated.CreatedBy => CreatedBy;

    /// <inheritdoc/>
    /// <remarks>The comparison is case-sensitive, as in Microsoft's client libraries.</remarks>
    public bool Equals(CommunicationIdentity? other) => ReferenceEquals(this, other) || (other is not null && other.Id == Id && Id.Length > 0);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as CommunicationIdentity);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);

    /// <inheritdoc/>
    /// <remarks>Select-Object -Unique, Sort-Object -Unique and Compare-Object compare this text. They do not call Equals.</remarks>
    public sealed override string ToString() => Id;
}

/// <summary>An identity that was created with a token in clear text, as New-AcsIdentity -Scope -AsPlainText requests it.</summary>
public sealed class PlainTextCommunicationIdentity : CommunicationIdentity
{
    /// <summary>Makes an identity object, for example for a mock of New-AcsIdentity -AsPlainText. Creates nothing in the service.</summary>
    /// <param name="id">The id.</param>
    /// <param name="tag">The caller's name for the identity.</param>
    /// <param name="accessToken">The token that was issued with the identity.</param>
    /// <exception cref="ArgumentException">The id is not valid in form, or the token is of another identity.</exception>
    public PlainTextCommunicationIdentity(string id, string? tag = null, PlainTextCommunicationToken? accessToken = null)
        : base(id, tag, accessToken)
    {
    }

    internal PlainTextCommunicationIdentity(string id, string? tag, CommunicationToken? accessToken, CreationRun? createdBy)
        : base(id, tag, accessToken, createdBy)
    {
    }

    /// <inheritdoc/>
    public override string? Tag => base.Tag;

    /// <inheritdoc/>
    public override string Id => base.Id;

    /// <inheritdoc/>
    public override CommunicationToken? AccessToken => base.AccessToken;

    /// <summary>The text of AccessToken, so that Export-Csv writes it.</summary>
    public string? Token => (AccessToken as PlainTextCommunicationToken)?.Token;
}
