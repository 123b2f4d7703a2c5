using System.Text.RegularExpressions;

namespace AcsIdentity.Models;

/// <summary>Checks the format of identity ids.</summary>
internal static class AcsId
{
    private const string Guid = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    // 8:acs:<resource>_<user>. A Teams extension user has the tenant between the two. GCC High and DoD have other prefixes.
    private static readonly Regex _format = new($@"\A8:(acs|gcch-acs|dod-acs):{Guid}(_{Guid}){{1,2}}\z", RegexOptions.CultureInvariant);

    public static bool IsValid(string id) => _format.IsMatch(id);
}
