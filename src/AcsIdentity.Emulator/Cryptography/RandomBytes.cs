using System.Security.Cryptography;

namespace AcsIdentity.Emulator.Cryptography;

/// <summary>Creates random bytes for keys and secrets.</summary>
internal static class RandomBytes
{
    public static byte[] Create(int count)
    {
        byte[] bytes = new byte[count];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return bytes;
    }
}
