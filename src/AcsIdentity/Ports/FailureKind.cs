namespace AcsIdentity.Ports;

/// <summary>Why a call to the service failed. Callers decide by it what to do.</summary>
public enum FailureKind
{
    /// <summary>A response that fits no other kind, for example a server error.</summary>
    Service,

    /// <summary>The identity does not exist in this resource. It may have been deleted.</summary>
    IdentityNotFound,

    /// <summary>The principal has no Teams Phone access to this resource.</summary>
    AssignmentNotFound,

    /// <summary>The service did not accept the credential.</summary>
    Authentication,

    /// <summary>The credential gave no Entra ID token for the service.</summary>
    SignIn,

    /// <summary>The credential is valid, but does not permit the operation.</summary>
    PermissionDenied,

    /// <summary>The service rejected the request as invalid.</summary>
    InvalidRequest,

    /// <summary>The resource's quota is used up. A later call can succeed.</summary>
    Throttled,

    /// <summary>No response arrived within the time limit.</summary>
    Timeout,

    /// <summary>The endpoint could not be reached, or the connection was lost.</summary>
    Connection,

    /// <summary>A create was sent, and may have succeeded.</summary>
    OutcomeUnknown,

    /// <summary>Another run was creating the only identity with the same tag all the time. Nothing was sent.</summary>
    TagInUse,
}
