using System;
using System.Text.RegularExpressions;

namespace AcsIdentity.Models;

/// <summary>Checks the format of identity ids.</summary>
internal static class AcsId
{
    private const string Guid = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    // 8:acs:<resource>_<user>. A Teams extension user has the tenant between the two. GCC High and DoD have other prefixes.
    private static readonly Regex _format = new($@"\A8:(acs|gcch-acs|dod-acs):{Guid}(_{Guid}){{1,2}}\z", RegexOptions.CultureInvariant);

    private static readonly Regex _teamsUser = new($@"\A8:orgid:{Guid}\z", RegexOptions.CultureInvariant);

    public static bool IsValid(string id) => _format.IsMatch(id);

    /// <summary>Returns the id if it is one of an identity.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static string Require(string id) => IsValid(id ?? "") ? id! : throw Invalid(nameof(id));

    /// <summary>Returns the id if it is one of an identity or of a Teams user, who has tokens too.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static string RequireTokenOwner(string id) => _teamsUser.IsMatch(id ?? "") ? id! : Require(id!);

    private static ArgumentException Invalid(string parameter) => new("An id looks like 8:acs:<resource id>_<user id>, with two GUIDs.", parameter);
}
