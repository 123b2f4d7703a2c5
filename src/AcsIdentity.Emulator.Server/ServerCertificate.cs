using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AcsIdentity.Emulator.Server;

/// <summary>The certificate that the emulator shows to HTTPS clients.</summary>
internal static class ServerCertificate
{
    /// <summary>Makes one for localhost that signs itself, good for a year. A client has to be told to trust it.</summary>
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "Server Authentication")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));

        // An hour back: the clocks of client and server need not agree.
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddYears(1));
        // Windows' TLS takes no key that lives in memory only.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Reads one with its private key.</summary>
    /// <param name="path">A PEM file with certificate and key, or a PFX file.</param>
    /// <param name="password">The password of a PFX file.</param>
    /// <exception cref="CryptographicException">There is no certificate with a private key in the file.</exception>
    public static X509Certificate2 Read(string path, string? password)
    {
        bool isPem = Path.GetExtension(path).ToUpperInvariant() is not (".PFX" or ".P12");
        using X509Certificate2? pem = isPem ? X509Certificate2.CreateFromPemFile(path) : null;
        X509Certificate2 certificate = pem is null
            ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
            : X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        return certificate.HasPrivateKey ? certificate : throw new CryptographicException($"The certificate in {path} is without its private key.");
    }
}
