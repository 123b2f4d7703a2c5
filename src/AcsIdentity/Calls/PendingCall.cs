using System.Threading.Tasks;

namespace AcsIdentity.Calls;

/// <summary>A call in a <see cref="CallQueue{TResult}"/>, whether in flight, done or still to be sent.</summary>
/// <param name="Result">Its result.</param>
/// <param name="Identity">The identity that it acts on, if the same pipeline created that identity; else null.</param>
internal sealed record PendingCall<TResult>(Task<TResult> Result, ICreated? Identity);
