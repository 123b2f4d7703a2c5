using System.Text.RegularExpressions;

namespace AcsIdentity.Models;

/// <summary>The form of an identity's id.</summary>
internal static class AcsId
{
    private const string Guid = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    // 8:acs:resource_user; a Teams extension user has the tenant between. GCC High and DoD have prefixes of their own.
    private static readonly Regex _form = new($@"\A8:(acs|gcch-acs|dod-acs):{Guid}(_{Guid}){{1,2}}\z", RegexOptions.CultureInvariant);

    public static bool IsValid(string id) => _form.IsMatch(id);
}
