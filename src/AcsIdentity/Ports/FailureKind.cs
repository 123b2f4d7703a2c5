namespace AcsIdentity.Ports;

/// <summary>Why a call to the service failed: what the caller can do about it differs by kind.</summary>
public enum FailureKind
{
    /// <summary>An answer that fits no other kind, a server error among them.</summary>
    Service,

    /// <summary>The identity does not exist in this resource, or no longer.</summary>
    IdentityNotFound,

    /// <summary>The service did not accept the credential.</summary>
    Authentication,

    /// <summary>No token of Entra ID could be had to call the service with.</summary>
    SignIn,

    /// <summary>The credential is good but may not do this.</summary>
    PermissionDenied,

    /// <summary>The request itself was refused as invalid.</summary>
    InvalidRequest,

    /// <summary>The resource's quota is used up for now.</summary>
    Throttled,

    /// <summary>No answer within the time allowed.</summary>
    Timeout,

    /// <summary>The endpoint could not be reached, or the connection was lost.</summary>
    Connection,

    /// <summary>A create was sent, and nobody knows what became of it.</summary>
    OutcomeUnknown,
}
