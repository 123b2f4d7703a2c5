using AcsIdentity.Calls;

namespace AcsIdentity.Models;

/// <summary>An identity of a Communication Services resource.</summary>
public sealed class CommunicationIdentity : ICreated
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
    public override string ToString() => Id;
}
