using System;
using AcsIdentity.Calls;

namespace AcsIdentity.Models;

/// <summary>An identity of a Communication Services resource. Objects with the same id are equal; tag and token are not compared.</summary>
public sealed class CommunicationIdentity : ICreated, IEquatable<CommunicationIdentity>
{
    internal CommunicationIdentity(string id, string? tag = null, CommunicationToken? accessToken = null)
    {
        Id = id;
        Tag = tag;
        AccessToken = accessToken;
    }

    /// <summary>The id, such as 8:acs:&lt;resource id&gt;_&lt;user id&gt;.</summary>
    public string Id { get; }

    /// <summary>The caller's name for the identity. It is not sent to the service.</summary>
    public string? Tag { get; }

    /// <summary>The token that was issued with the identity. Null if none was requested.</summary>
    public CommunicationToken? AccessToken { get; }

    internal CreationRun? CreatedBy { get; init; }

    CreationRun? ICreated.CreatedBy => CreatedBy;

    /// <inheritdoc/>
    /// <remarks>The comparison is case-sensitive, as in Microsoft's client libraries.</remarks>
    public bool Equals(CommunicationIdentity? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CommunicationIdentity);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);

    /// <inheritdoc/>
    /// <remarks>Select-Object -Unique, Sort-Object -Unique and Compare-Object compare this text. They do not call Equals.</remarks>
    public override string ToString() => Id;
}
