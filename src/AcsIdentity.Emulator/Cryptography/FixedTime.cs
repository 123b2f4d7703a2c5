using System.Text;

namespace AcsIdentity.Emulator.Cryptography;

/// <summary>Compares secrets in a time that does not depend on the position of the first difference.</summary>
internal static class FixedTime
{
    public static bool AreEqual(string claimed, string actual)
    {
        byte[] left = Encoding.UTF8.GetBytes(claimed);
        byte[] right = Encoding.UTF8.GetBytes(actual);
#if NET
        return System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(left, right);
#else
        int difference = left.Length ^ right.Length;
        for (int i = 0; i < left.Length && i < right.Length; i++)
        {
            difference |= left[i] ^ right[i];
        }

        return difference == 0;
#endif
    }
}
