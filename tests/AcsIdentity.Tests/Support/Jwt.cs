using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace AcsIdentity.Tests.Support;

internal static class Jwt
{
    /// <summary>Returns a JSON Web Token with the payload and an invalid signature.</summary>
    public static string Unsigned(string payload) => $"{Encode("""{"alg":"none"}""")}.{Encode(payload)}.{Encode("no signature")}";

    public static JsonElement Claims(string token) => JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement;

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
