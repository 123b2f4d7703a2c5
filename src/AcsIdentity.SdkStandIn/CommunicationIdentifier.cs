namespace Azure.Communication;

/// <summary>Somebody or something that takes part in communication.</summary>
public abstract class CommunicationIdentifier
{
    /// <summary>The identifier in the service's own notation, for example 8:acs:resource_user.</summary>
    public abstract string RawId { get; }

    /// <inheritdoc/>
    public override string ToString() => RawId;
}
