using System.Security.Cryptography;

namespace AcsIdentity.Emulator.Cryptography;

/// <summary>SHA-256 in one call; netstandard2.0 has no such method.</summary>
internal static class Sha256
{
    public static byte[] Hash(byte[] bytes)
    {
#if NET
        return SHA256.HashData(bytes);
#else
        using var sha256 = SHA256.Create();
        return sha256.ComputeHash(bytes);
#endif
    }
}
