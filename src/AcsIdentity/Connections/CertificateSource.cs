using System;
using System.IO;
using System.Linq;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AcsIdentity.Connections;

/// <summary>Finds a service principal's certificate, with its private key.</summary>
internal static class CertificateSource
{
    private const int ThumbprintLength = 40;
    private const char LeftToRightMark = '\u200E';

    /// <summary>Reads it from a file.</summary>
    /// <param name="path">A PFX file; on PowerShell 7 also a PEM file that holds the key too.</param>
    /// <param name="password">The password of a PFX file; null for none.</param>
    /// <exception cref="FormatException">There is no certificate with a private key in it, or the password is wrong.</exception>
    public static X509Certificate2 Read(string path, SecureString? password)
    {
        if (!File.Exists(path))
        {
            throw new FormatException($"There is no file {path}.");
        }

        try
        {
            X509Certificate2 certificate = Load(path, password);
            return certificate.HasPrivateKey ? certificate : throw new FormatException($"The certificate in {path} is without its private key.");
        }
        catch (CryptographicException unreadable)
        {
            throw new FormatException($"The certificate in {path} cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>Finds it in the current user's or the machine's store of own certificates.</summary>
    /// <exception cref="FormatException">There is none with a private key, or it is no thumbprint.</exception>
    public static X509Certificate2 Find(string thumbprint)
    {
        // The certificate dialog of Windows gives spaces and an invisible mark along.
        string digits = string.Concat(thumbprint.Where(character => !char.IsWhiteSpace(character) && character != LeftToRightMark));
        if (digits.Length != ThumbprintLength || !digits.All(Uri.IsHexDigit))
        {
            throw new FormatException($"A thumbprint has {ThumbprintLength} hexadecimal digits.");
        }

        return ((StoreLocation[])[StoreLocation.CurrentUser, StoreLocation.LocalMachine])
            .Select(location => Find(digits, location))
            .FirstOrDefault(found => found is not null)
            ?? throw new FormatException("Neither the current user's nor the machine's store My has a certificate with that thumbprint and its private key.");
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
