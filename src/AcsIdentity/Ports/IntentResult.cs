namespace AcsIdentity.Ports;

/// <summary>What became of an intent.</summary>
public abstract record IntentResult
{
    private IntentResult()
    {
    }

    /// <summary>It is recorded: send the create.</summary>
    /// <param name="Key">Names it for the ledger.</param>
    public sealed record Recorded(string Key) : IntentResult;

    /// <summary>The tag already has an identity: send nothing.</summary>
    /// <param name="Identity">The identity.</param>
    public sealed record Exists(IdentityRecord Identity) : IntentResult;

    /// <summary>Another run is creating the only identity with this tag: send nothing, and ask again.</summary>
    /// <param name="By">Who that is: user and machine.</param>
    public sealed record InProgress(string By) : IntentResult;
}
