using AcsIdentity.Ports;

namespace AcsIdentity.Tests.Moments;

/// <summary>The calls that runs make: the operations of the port, except the exchange that needs https.</summary>
internal enum CallKind
{
    Create,
    CreateWithToken,
    Issue,
    Revoke,
    Delete,
    Exchange,
    SetAssignment,
    GetAssignment,
    RemoveAssignment,
}

/// <summary>A call that has ended.</summary>
/// <param name="Kind">Which call.</param>
/// <param name="RequestId">Its x-ms-client-request-id.</param>
/// <param name="Failure">Why it failed; null if it succeeded.</param>
/// <param name="Created">The id of the identity that it returned; null if it returned none.</param>
/// <param name="LacksToken">Whether it created an identity, and its answer was too broken for the token.</param>
/// <param name="MayBeRepeated">Whether the proxy may have repeated its request.</param>
internal sealed record MadeCall(CallKind Kind, string RequestId, FailureKind? Failure, string? Created, bool LacksToken, bool MayBeRepeated)
{
    public bool IsCreate => Kind is CallKind.Create or CallKind.CreateWithToken;
}
