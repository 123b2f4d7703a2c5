namespace Azure.Communication;

/// <summary>A participant in communication.</summary>
public abstract class CommunicationIdentifier
{
    /// <summary>The identifier in the notation of the service, for example 8:acs:resource_user.</summary>
    public abstract string RawId { get; }

    /// <inheritdoc/>
    public override string ToString() => RawId;
}
