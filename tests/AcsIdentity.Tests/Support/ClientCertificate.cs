using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AcsIdentity.Tests.Support;

internal static class ClientCertificate
{
    /// <summary>A certificate with a new RSA key, as an application registers one in Entra.</summary>
    public static X509Certificate2 Create()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=application", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }
}
