using System.Security.Cryptography;

namespace AcsIdentity.Emulator.Cryptography;

/// <summary>SHA-256 and HMAC-SHA256 in one call; netstandard2.0 has no such methods.</summary>
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

    public static byte[] Hmac(byte[] key, byte[] bytes)
    {
#if NET
        return HMACSHA256.HashData(key, bytes);
#else
        using var hmac = new HMACSHA256(key);
        return hmac.ComputeHash(bytes);
#endif
    }
}
