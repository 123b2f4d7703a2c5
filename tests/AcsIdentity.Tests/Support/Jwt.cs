using System;
using System.Text;

namespace AcsIdentity.Tests.Support;

internal static class Jwt
{
    /// <summary>A JSON Web Token with that payload and a signature that is none.</summary>
    public static string Unsigned(string payload) => $"{Encode("""{"alg":"none"}""")}.{Encode(payload)}.{Encode("no signature")}";

    public static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
