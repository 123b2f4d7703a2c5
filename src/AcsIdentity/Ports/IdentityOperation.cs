namespace AcsIdentity.Ports;

/// <summary>The operations of the service. Each has a separate quota.</summary>
public enum IdentityOperation
{
    /// <summary>Creates an identity, with or without a token.</summary>
    Create,

    /// <summary>Issues a token.</summary>
    Issue,

    /// <summary>Revokes an identity's tokens.</summary>
    Revoke,

    /// <summary>Deletes an identity.</summary>
    Delete,

    /// <summary>Exchanges the token of a Teams user or of a Teams Phone user.</summary>
    Exchange,

    /// <summary>Gives access for Teams Phone.</summary>
    SetAssignment,

    /// <summary>Reads an access for Teams Phone.</summary>
    GetAssignment,

    /// <summary>Removes an access for Teams Phone.</summary>
    RemoveAssignment,
}
