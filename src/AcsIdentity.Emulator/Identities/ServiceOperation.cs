namespace AcsIdentity.Emulator.Identities;

/// <summary>The operations of the service. Faults can be set for each one, and quotas for those that the service limits.</summary>
public enum ServiceOperation
{
    /// <summary>Create an identity, with or without a token.</summary>
    Create,

    /// <summary>Read an identity (2025-03-02-preview only).</summary>
    Get,

    /// <summary>Issue an access token.</summary>
    Issue,

    /// <summary>Revoke all tokens of an identity.</summary>
    Revoke,

    /// <summary>Delete an identity.</summary>
    Delete,

    /// <summary>Exchange the Entra token of a Teams user or of another user.</summary>
    Exchange,

    /// <summary>Set, read or remove an access assignment.</summary>
    Assign,
}
