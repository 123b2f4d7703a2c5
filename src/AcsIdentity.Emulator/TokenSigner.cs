using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator;

/// <summary>Makes and checks JSON Web Tokens (RFC 7519) signed with RS256 and a key of its own. Safe for concurrent use.</summary>
internal sealed class TokenSigner : IDisposable
{
    private const int KeyBits = 2048;

#if NET
    private readonly RSA _key = RSA.Create(KeyBits);
#else
    private readonly RSA _key = new RSACryptoServiceProvider(KeyBits);
#endif
    private readonly object _keyLock = new();
    private readonly string _keyId;
    private readonly string _header;

    public TokenSigner()
    {
        using var sha256 = SHA256.Create();
        _keyId = Base64Url.Encode(sha256.ComputeHash(_key.ExportParameters(false).Modulus!));
        _header = Base64Url.Encode(Encoding.UTF8.GetBytes($$"""{"alg":"RS256","kid":"{{_keyId}}","typ":"JWT"}"""));
    }

    public string Sign(Action<Utf8JsonWriter> writeClaims)
    {
        using var payload = new MemoryStream();
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            writeClaims(json);
            json.WriteEndObject();
        }

        string signingInput = _header + "." + Base64Url.Encode(payload.ToArray());
        byte[] bytes = Encoding.ASCII.GetBytes(signingInput);
        byte[] signature;
        lock (_keyLock)
        {
            signature = _key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        return signingInput + "." + Base64Url.Encode(signature);
    }

    /// <returns>The token; null where this signer did not make it.</returns>
    public JsonWebToken? TryOpen(string token)
    {
        if (!token.StartsWith(_header + ".", StringComparison.Ordinal) || JsonWebToken.TryRead(token) is not { } read)
        {
            return null;
        }

        lock (_keyLock)
        {
            return read.IsSignedWith(_key, RSASignaturePadding.Pkcs1) ? read : null;
        }
    }

    /// <summary>The key that the tokens are signed with, as a JSON Web Key Set (RFC 7517).</summary>
    public void WritePublicKeys(Utf8JsonWriter json)
    {
        RSAParameters key = _key.ExportParameters(includePrivateParameters: false);
        json.WriteStartArray("keys");
        json.WriteStartObject();
        json.WriteString("kty", "RSA");
        json.WriteString("use", "sig");
        json.WriteString("alg", "RS256");
        json.WriteString("kid", _keyId);
        json.WriteString("n", Base64Url.Encode(key.Modulus!));
        json.WriteString("e", Base64Url.Encode(key.Exponent!));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public void Dispose() => _key.Dispose();
}
