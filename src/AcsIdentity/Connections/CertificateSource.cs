using System;
using System.IO;
using System.Linq;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AcsIdentity.Connections;

/// <summary>Finds the certificate of a service principal, with its private key.</summary>
internal static class CertificateSource
{
    private const int ThumbprintLength = 40;
    private const char LeftToRightMark = '\u200E';

    /// <summary>Reads the certificate from a file.</summary>
    /// <param name="path">A PFX file. On PowerShell 7, a PEM file that also contains the key is valid too.</param>
    /// <param name="password">The password of a PFX file, or null.</param>
    /// <exception cref="FormatException">The file has no certificate with a private key, or the password is wrong.</exception>
    public static X509Certificate2 Read(string path, SecureString? password)
    {
        if (!File.Exists(path))
        {
            throw new FormatException($"There is no file {path}. Check the path.");
        }

        try
        {
            X509Certificate2 certificate = Load(path, password);
            return certificate.HasPrivateKey ? certificate : throw new FormatException($"The file {path} has a certificate without its private key. Use a file that contains both.");
        }
        catch (CryptographicException unreadable)
        {
            throw new FormatException($"The certificate in {path} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>Finds the certificate in the store My of the current user or of the machine.</summary>
    /// <exception cref="FormatException">There is no such certificate with a private key, or the thumbprint is not valid.</exception>
    public static X509Certificate2 Find(string thumbprint)
    {
        // Text that is copied from the certificate dialog of Windows has spaces and an invisible mark.
        string digits = string.Concat(thumbprint.Where(character => !char.IsWhiteSpace(character) && character != LeftToRightMark));
        if (digits.Length != ThumbprintLength || !digits.All(Uri.IsHexDigit))
        {
            throw new FormatException($"The thumbprint must have {ThumbprintLength} hexadecimal digits.");
        }

        return ((StoreLocation[])[StoreLocation.CurrentUser, StoreLocation.LocalMachine])
            .Select(location => Find(digits, location))
            .FirstOrDefault(found => found is not null)
            ?? throw new FormatException("There is no certificate with this thumbprint and a private key in the store My of the current user or of the machine.");
    }

    private static X509Certificate2? Find(string thumbprint, StoreLocation location)
    {
        try
        {
            using var store = new X509Store(StoreName.My, location);
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            return store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, validOnly: false)
                .Cast<X509Certificate2>()
                .FirstOrDefault(certificate => certificate.HasPrivateKey);
        }
        catch (CryptographicException)
        {
            // Not every platform has both stores.
            return null;
        }
    }

    private static X509Certificate2 Load(string path, SecureString? password)
    {
#if NET
        if (Path.GetExtension(path).ToUpperInvariant() is not (".PFX" or ".P12"))
        {
            return X509Certificate2.CreateFromPemFile(path);
        }
#endif
        return new X509Certificate2(path, password);
    }
}
