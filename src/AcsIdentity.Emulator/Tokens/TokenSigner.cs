using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AcsIdentity.Emulator.Cryptography;
using AcsIdentity.Shared;

namespace AcsIdentity.Emulator.Tokens;

/// <summary>Signs and verifies JSON Web Tokens (RFC 7519) with RS256 and a new key. Safe for concurrent use.</summary>
internal sealed class TokenSigner : IDisposable
{
    private const int KeyBits = 2048;

    /// <summary>The length of a SHA-1 thumbprint, which the service's key ids have.</summary>
    private const int ThumbprintBytes = 20;

#if NET
    private static readonly Func<RSA> _createRsa = () => RSA.Create(KeyBits);
#else
    private static readonly Func<RSA> _createRsa = () => new RSACryptoServiceProvider(KeyBits);
#endif

    private readonly RSAParameters _key;

    // RSA instances are not thread-safe, and one shared instance would slow concurrent issues. So each thread borrows one.
    private readonly ConcurrentBag<RSA> _idle = [];
    private readonly string _keyId;
    private readonly string _header;

    public TokenSigner()
    {
        RSA first = _createRsa();
        _key = first.ExportParameters(includePrivateParameters: true);
        _idle.Add(first);
        // The service's tokens have a kid of 40 hexadecimal digits, and an x5t. There is no certificate here, so both come from the key.
        byte[] thumbprint = Sha256.Hash(_key.Modulus!).Take(ThumbprintBytes).ToArray();
        _keyId = string.Concat(thumbprint.Select(value => value.ToString("X2", CultureInfo.InvariantCulture)));
        _header = Base64Url.Encode(Encoding.UTF8.GetBytes($$"""{"alg":"RS256","kid":"{{_keyId}}","x5t":"{{Base64Url.Encode(thumbprint)}}","typ":"JWT"}"""));
    }

    public string Sign(Action<Utf8JsonWriter> writeClaims)
    {
        string signingInput = _header + "." + Base64Url.Encode(JsonText.Write(writeClaims));
        byte[] bytes = Encoding.ASCII.GetBytes(signingInput);
        byte[] signature = WithKey(key => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return signingInput + "." + Base64Url.Encode(signature);
    }

    /// <returns>The token; null if this signer did not sign it.</returns>
    public JsonWebToken? TryVerify(string token)
    {
        if (!token.StartsWith(_header + ".", StringComparison.Ordinal) || JsonWebToken.TryRead(token) is not { } read)
        {
            return null;
        }

        return WithKey(key => read.IsSignedWith(key, RSASignaturePadding.Pkcs1)) ? read : null;
    }

    /// <summary>Writes the public key as a JSON Web Key Set (RFC 7517).</summary>
    public void WritePublicKeys(Utf8JsonWriter json)
    {
        json.WriteStartArray("keys");
        json.WriteStartObject();
        json.WriteString("kty", "RSA");
        json.WriteString("use", "sig");
        json.WriteString("alg", "RS256");
        json.WriteString("kid", _keyId);
        json.WriteString("n", Base64Url.Encode(_key.Modulus!));
        json.WriteString("e", Base64Url.Encode(_key.Exponent!));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public void Dispose()
    {
        while (_idle.TryTake(out RSA? key))
        {
            key.Dispose();
        }
    }

    private T WithKey<T>(Func<RSA, T> work)
    {
        if (!_idle.TryTake(out RSA? key))
        {
            key = _createRsa();
            key.ImportParameters(_key);
        }

        T result = work(key);
        _idle.Add(key);
        return result;
    }
}
