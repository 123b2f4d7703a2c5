using System;
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

    public string Sign(byte[] payload)
    {
        string signingInput = _header + "." + Base64Url.Encode(payload);
        byte[] bytes = Encoding.ASCII.GetBytes(signingInput);
        byte[] signature;
        lock (_keyLock)
        {
            signature = _key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        return signingInput + "." + Base64Url.Encode(signature);
    }

    /// <summary>Whether this signer made the token.</summary>
    public bool IsOurs(string token)
    {
        int lastDot = token.LastIndexOf('.');
        if (lastDot < 0 || !token.StartsWith(_header + ".", StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            byte[] signature = Base64Url.Decode(token.Substring(lastDot + 1));
            lock (_keyLock)
            {
                return _key.VerifyData(Encoding.ASCII.GetBytes(token.Substring(0, lastDot)), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public void WritePublicKey(Utf8JsonWriter json)
    {
        RSAParameters key = _key.ExportParameters(includePrivateParameters: false);
        json.WriteStartObject();
        json.WriteString("kty", "RSA");
        json.WriteString("use", "sig");
        json.WriteString("alg", "RS256");
        json.WriteString("kid", _keyId);
        json.WriteString("n", Base64Url.Encode(key.Modulus!));
        json.WriteString("e", Base64Url.Encode(key.Exponent!));
        json.WriteEndObject();
    }

    public void Dispose() => _key.Dispose();
}
