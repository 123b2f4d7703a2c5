using System;
using AcsIdentity.Calls;

namespace AcsIdentity.Models;

/// <summary>An identity of a Communication Services resource. Objects with the same id are equal, whatever their tag and token.</summary>
public sealed class CommunicationIdentity : ICreated, IEquatable<CommunicationIdentity>
{
    internal CommunicationIdentity(string id, string? tag = null, CommunicationToken? accessToken = null)
    {
        Id = id;
        Tag = tag;
        AccessToken = accessToken;
    }

    /// <summary>The id, 8:acs:resource_user.</summary>
    public string Id { get; }

    /// <summary>The caller's own name for it. It is not sent to the service, which keeps none.</summary>
    public string? Tag { get; }

    /// <summary>The token that was issued as the identity was created; null where none was asked for.</summary>
    public CommunicationToken? AccessToken { get; }

    internal CreationRun? CreatedBy { get; init; }

    CreationRun? ICreated.CreatedBy => CreatedBy;

    /// <inheritdoc/>
    /// <remarks>With case, as Microsoft's client libraries compare ids: nothing says that the service ignores it.</remarks>
    public bool Equals(CommunicationIdentity? other) => other is not null && other.Id == Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CommunicationIdentity);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Id);

    /// <inheritdoc/>
    /// <remarks>Select-Object -Unique, Sort-Object -Unique and Compare-Object compare this text, and not with Equals.</remarks>
    public override string ToString() => Id;
}
