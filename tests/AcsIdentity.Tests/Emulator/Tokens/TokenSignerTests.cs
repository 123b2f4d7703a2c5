using System;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using AcsIdentity.Emulator.Tokens;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Emulator.Tokens;

public sealed class TokenSignerTests : IDisposable
{
    private readonly TokenSigner _signer = new();

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void Published_key_verifies_a_token()
    {
        string token = Sign("a");
        JsonElement key = PublishedKey();

        string[] parts = token.Split('.');
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
            Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
        });
        Assert.Equal(2048, rsa.KeySize);
        Assert.True(rsa.VerifyData(
            Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public void Published_key_and_token_header_describe_the_key()
    {
        JsonElement key = PublishedKey();
        string kid = key.GetProperty("kid").GetString()!;

        Assert.Equal(["kty", "use", "alg", "kid", "n", "e"], key.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("RSA", "sig", "RS256"), (key.GetProperty("kty").GetString(), key.GetProperty("use").GetString(), key.GetProperty("alg").GetString()));
        Assert.Matches("^[0-9A-F]{40}$", kid);
        string thumbprint = Base64Url.EncodeToString(Convert.FromHexString(kid));
        Assert.Equal($$"""{"alg":"RS256","kid":"{{kid}}","x5t":"{{thumbprint}}","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Sign("a").Split('.')[0])));
    }

    [Fact]
    public void Concurrent_signatures_have_the_same_key()
    {
        const int Threads = 4;
        const int TokensPerThread = 25;
        using var together = new Barrier(Threads);

        var tokens = new ConcurrentBag<string>();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            together.SignalAndWait();
            for (int i = 0; i < TokensPerThread; i++)
            {
                tokens.Add(Sign("a"));
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(Threads * TokensPerThread, tokens.Count);
        Assert.All(tokens, token => Assert.NotNull(_signer.TryVerify(token)));
    }

    [Fact]
    public void Only_an_unchanged_token_of_this_signer_is_verified()
    {
        using var other = new TokenSigner();
        string token = Sign("a");
        string[] parts = token.Split('.');

        Assert.Equal("a", _signer.TryVerify(token)!.GetClaim("sub"));
        Assert.Null(other.TryVerify(token));
        Assert.Null(_signer.TryVerify(token + ".x"));
        Assert.Null(_signer.TryVerify($"{Jwt.Encode("""{"alg":"RS256"}""")}.{parts[1]}.{parts[2]}"));
        Assert.Null(_signer.TryVerify($"{parts[0]}.{parts[1]}.{Sign("b").Split('.')[2]}"));
    }

    private string Sign(string subject) => _signer.Sign(json => json.WriteString("sub", subject));

    private JsonElement PublishedKey()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            _signer.WritePublicKeys(json);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.ToArray()).RootElement.GetProperty("keys").EnumerateArray().Single();
    }
}
