using System;
using System.Collections.Concurrent;
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
    private static readonly Func<RSA> _newInstance = () => RSA.Create(KeyBits);
#else
    private static readonly Func<RSA> _newInstance = () => new RSACryptoServiceProvider(KeyBits);
#endif

    private readonly RSAParameters _key;

    // An instance serves one thread at a time, and signing is most of the work of issuing: each thread borrows one.
    private readonly ConcurrentBag<RSA> _idle = [];
    private readonly string _keyId;
    private readonly string _header;

    public TokenSigner()
    {
        RSA first = _newInstance();
        _key = first.ExportParameters(includePrivateParameters: true);
        _idle.Add(first);
        using var sha256 = SHA256.Create();
        _keyId = Base64Url.Encode(sha256.ComputeHash(_key.Modulus!));
        _header = Base64Url.Encode(Encoding.UTF8.GetBytes($$"""{"alg":"RS256","kid":"{{_keyId}}","typ":"JWT"}"""));
    }

    public string Sign(byte[] payload)
    {
        string signingInput = _header + "." + Base64Url.Encode(payload);
        byte[] bytes = Encoding.ASCII.GetBytes(signingInput);
        byte[] signature = WithKey(key => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
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
            byte[] signed = Encoding.ASCII.GetBytes(token.Substring(0, lastDot));
            return WithKey(key => key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public void WritePublicKey(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("kty", "RSA");
        json.WriteString("use", "sig");
        json.WriteString("alg", "RS256");
        json.WriteString("kid", _keyId);
        json.WriteString("n", Base64Url.Encode(_key.Modulus!));
        json.WriteString("e", Base64Url.Encode(_key.Exponent!));
        json.WriteEndObject();
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
            key = _newInstance();
            key.ImportParameters(_key);
        }

        T result = work(key);
        _idle.Add(key);
        return result;
    }
}
