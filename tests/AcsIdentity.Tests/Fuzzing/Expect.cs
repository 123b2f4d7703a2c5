using System;
using System.Collections.Generic;
using Xunit;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>What a parser may do with an input.</summary>
internal static class Expect
{
    /// <summary>Runs the check. The exception may be thrown; its message must not quote the secrets.</summary>
    /// <returns>Whether nothing was thrown.</returns>
    public static bool Documented<T>(Action check, IEnumerable<string>? secrets = null)
        where T : Exception
    {
        try
        {
            check();
            return true;
        }
        catch (T documented)
        {
            foreach (string secret in secrets ?? [])
            {
                Assert.DoesNotContain(secret, documented.ToString(), StringComparison.Ordinal);
            }

            return false;
        }
    }
}
