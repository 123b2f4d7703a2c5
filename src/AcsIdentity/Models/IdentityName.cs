namespace AcsIdentity.Models;

/// <summary>How messages name an identity: by its tag, which people know, and its id.</summary>
internal static class IdentityName
{
    /// <summary>Returns the name, such as alice@contoso.com (8:acs:...); null if there is neither a tag nor an id.</summary>
    public static string? Of(string? id, string? tag) =>
        tag is null || tag == id ? id
            : id is null ? tag
            : $"{tag} ({id})";
}
