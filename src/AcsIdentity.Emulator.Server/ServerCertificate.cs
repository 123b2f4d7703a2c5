using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AcsIdentity.Emulator.Server;

/// <summary>The certificate that the emulator shows to HTTPS clients.</summary>
internal static class ServerCertificate
{
    /// <summary>Creates a self-signed certificate for localhost that is valid for a year. Clients must be configured to trust it.</summary>
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

        // Valid from an hour ago, because the clocks of client and server may differ.
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddYears(1));
        // TLS on Windows does not accept an ephemeral key, so the certificate goes through PFX.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Reads a certificate and its private key.</summary>
    /// <param name="path">A PEM file that contains the certificate and the key, or a PFX file.</param>
    /// <param name="password">The password of a PFX file.</param>
    /// <exception cref="CryptographicException">The file has no certificate, or no private key.</exception>
    public static X509Certificate2 Read(string path, string? password)
    {
        bool isPem = Path.GetExtension(path).ToUpperInvariant() is not (".PFX" or ".P12");
        using X509Certificate2? pem = isPem ? X509Certificate2.CreateFromPemFile(path) : null;
        X509Certificate2 certificate = pem is null
            ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
            : X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        return certificate.HasPrivateKey ? certificate : throw new CryptographicException($"The certificate in {path} has no private key.");
    }
}
