using System.Net;
using System.Security;

namespace AcsIdentity;

/// <summary>Converts between string and SecureString.</summary>
public static class Secret
{
    /// <summary>Converts a string to a read-only SecureString.</summary>
    public static SecureString FromText(string text)
    {
        // NetworkCredential copies the whole string at once. On Windows, AppendChar encrypts again for each character.
        SecureString secret = new NetworkCredential("", text).SecurePassword;
        secret.MakeReadOnly();
        return secret;
    }

    /// <summary>Converts a SecureString to a string.</summary>
    public static string ToText(SecureString secret) => new NetworkCredential("", secret).Password;
}
