using System;

namespace Azure.Communication;

/// <summary>A user of a Communication Services resource.</summary>
public class CommunicationUserIdentifier : CommunicationIdentifier
{
    /// <summary>Identifies a user by id.</summary>
    /// <param name="id">The id, for example 8:acs:resource_user.</param>
    /// <exception cref="ArgumentNullException">The id is null.</exception>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    public CommunicationUserIdentifier(string id)
    {
        Id = id switch
        {
            null => throw new ArgumentNullException(nameof(id)),
            "" => throw new ArgumentException("Value cannot be an empty string.", nameof(id)),
            _ => id,
        };
    }

    /// <summary>The user's id.</summary>
    public string Id { get; }

    /// <inheritdoc/>
    public override string RawId => Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CommunicationUserIdentifier other && other.Id == Id;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode();
}
