using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Entra;

/// <summary>What all of Entra's endpoints ask of a request.</summary>
internal static class EntraRequestExtensions
{
    /// <exception cref="EntraError">It is not a POST.</exception>
    /// <exception cref="ServiceError">The body is too long, or was not sent in time.</exception>
    public static void RequireForm(this EmulatorRequest request)
    {
        if (request.Method != "POST")
        {
            throw EntraError.MethodNotAllowed(request.Method);
        }

        request.RequireBodyWithinLimits();
    }

    /// <exception cref="EntraError">The form has no such parameter, or an empty one.</exception>
    public static string RequiredFormParameter(this EmulatorRequest request, string name) => Required(request.FormParameter(name), name);

    /// <exception cref="EntraError">The query has no such parameter, or an empty one.</exception>
    public static string RequiredQueryParameter(this EmulatorRequest request, string name) => Required(request.QueryParameter(name), name);

    private static string Required(string? value, string name) => value is { Length: > 0 } ? value : throw EntraError.ParameterMissing(name);
}
