using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace AcsIdentity.Emulator.Identities;

/// <summary>Reads identity ids: 8:acs:&lt;resource&gt;_&lt;user&gt;. A Teams extension user has the tenant between the two. GCC High and DoD have other prefixes.</summary>
internal static class IdentityId
{
    private const string HexDigits = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private static readonly Regex _format = new(
        $@"\A8:(acs|gcch-acs|dod-acs):(?<resource>{HexDigits})(_{HexDigits}){{1,2}}\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    /// <summary>Finds the resource that all ids belong to.</summary>
    /// <returns>The resource's id; null if there are no ids.</returns>
    /// <exception cref="ArgumentException">An id is not valid, or two are of different resources.</exception>
    public static Guid? RequireOneResource(IReadOnlyList<string> ids)
    {
        Guid? resource = null;
        foreach (string id in ids)
        {
            Match match = _format.Match(id);
            if (!match.Success)
            {
                throw new ArgumentException($"'{id}' is not the id of an identity. An id looks like 8:acs:<resource id>_<user id>, with two GUIDs in lower case.");
            }

            var found = Guid.Parse(match.Groups["resource"].Value);
            if (resource is { } first && found != first)
            {
                throw new ArgumentException($"'{id}' belongs to another resource than the identities before it. An emulator is one resource: {first}.");
            }

            resource = found;
        }

        return resource;
    }
}
