using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Entra;

/// <summary>Checks that all Entra endpoints share.</summary>
internal static class EntraRequestExtensions
{
    /// <exception cref="EntraError">The method is not POST.</exception>
    /// <exception cref="ServiceError">The body is too long, or was not sent in time.</exception>
    public static void RequireForm(this EmulatorRequest request)
    {
        if (request.Method != "POST")
        {
            throw EntraError.MethodNotAllowed(request.Method);
        }

        request.RequireBodyWithinLimits();
    }

    /// <exception cref="EntraError">The parameter is missing from the form, or empty.</exception>
    public static string RequiredFormParameter(this EmulatorRequest request, string name) => Required(request.FormParameter(name), name);

    /// <exception cref="EntraError">The parameter is missing from the query, or empty.</exception>
    public static string RequiredQueryParameter(this EmulatorRequest request, string name) => Required(request.QueryParameter(name), name);

    private static string Required(string? value, string name) => value is { Length: > 0 } ? value : throw EntraError.ParameterMissing(name);
}
