using System.Security.Cryptography;

namespace AcsIdentity.Emulator.Cryptography;

/// <summary>SHA-256 in one call, which netstandard2.0 does not have.</summary>
internal static class Sha256
{
    public static byte[] Hash(byte[] bytes)
    {
        using var sha256 = SHA256.Create();
        return sha256.ComputeHash(bytes);
    }
}
