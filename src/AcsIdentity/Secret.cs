using System.Net;
using System.Security;

namespace AcsIdentity;

/// <summary>Between text and SecureString.</summary>
public static class Secret
{
    /// <summary>The text as a read-only SecureString.</summary>
    public static SecureString FromText(string text)
    {
        // NetworkCredential copies a whole string at once; AppendChar encrypts anew for each character on Windows.
        SecureString secret = new NetworkCredential("", text).SecurePassword;
        secret.MakeReadOnly();
        return secret;
    }

    /// <summary>The secret as text.</summary>
    public static string ToText(SecureString secret) => new NetworkCredential("", secret).Password;
}
