using System;
using System.Collections.Generic;
using AcsIdentity.Emulator.Authentication;
using AcsIdentity.Emulator.Http;

namespace AcsIdentity.Emulator.Identities;

/// <summary>A method and path of the service, and what answers it.</summary>
/// <param name="method">The HTTP method.</param>
/// <param name="path">The path without the first slash. A segment in braces stands for an id.</param>
/// <param name="operation">The operation whose quota and faults apply.</param>
/// <param name="isIn">Tells whether an api-version has the route.</param>
/// <param name="perform">Performs the operation.</param>
internal sealed class ServiceRoute(
    string method, string path, ServiceOperation operation, Func<ApiVersion, bool> isIn, Func<OperationCall, EmulatorResponse> perform)
{
    private readonly string[] _segments = path.Split('/');

    public string Method { get; } = method;

    public string Path { get; } = path;

    public ServiceOperation Operation { get; } = operation;

    /// <summary>The audience of the Entra tokens that the route accepts.</summary>
    public string Audience { get; init; } = BearerAuthenticator.ServiceAudience;

    /// <summary>The group of the path.</summary>
    public string Group => GroupOf(_segments);

    public bool IsIn(ApiVersion version) => isIn(version);

    public EmulatorResponse Perform(OperationCall call) => perform(call);

    /// <summary>
    /// Returns the first segment, and under access the second one too. The service answers the routes of a group by the same part
    /// of its code, with the same list of versions.
    /// </summary>
    public static string GroupOf(string[] segments) => segments is ["access", { } next, ..] ? $"access/{next}" : segments[0];

    /// <returns>The ids in the path; null if the path is another one.</returns>
    public string[]? Match(string[] segments)
    {
        if (segments.Length != _segments.Length)
        {
            return null;
        }

        var ids = new List<string>();
        for (int index = 0; index < segments.Length; index++)
        {
            if (_segments[index][0] == '{' && segments[index].Length > 0)
            {
                ids.Add(segments[index]);
            }
            else if (_segments[index] != segments[index])
            {
                return null;
            }
        }

        return ids.ToArray();
    }
}
