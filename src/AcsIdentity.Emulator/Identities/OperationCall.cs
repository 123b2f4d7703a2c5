using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Identities;

/// <summary>An authenticated request for an operation.</summary>
/// <param name="Request">The request.</param>
/// <param name="Version">The api-version that it asks for; it has the operation.</param>
/// <param name="PathParameters">The values of the parameters in the path.</param>
/// <param name="Caller">The Entra token of the caller; null if the request is signed with the access key.</param>
internal sealed record OperationCall(EmulatorRequest Request, ApiVersion Version, string[] PathParameters, JsonWebToken? Caller)
{
    /// <summary>The first id in the path.</summary>
    public string Id => PathParameters[0];
}
