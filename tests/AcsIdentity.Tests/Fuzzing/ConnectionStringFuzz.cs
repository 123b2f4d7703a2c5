using System;
using AcsIdentity.Connections;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>Connection strings. No message quotes the key.</summary>
public sealed class ConnectionStringFuzz(ITestOutputHelper output)
{
    private const string Key = "c2VjcmV0IGtleQ==";

    [Fact]
    public void Holds() => Fuzzer.Run(
        output,
        Gen.Select(
            Mutation.Of("endpoint=", "Endpoint = "),
            Mutation.Of("https://r.communication.azure.com/", "http://localhost:7080", "http://[::1]:1/"),
            Mutation.Of($";accesskey={Key}", $";AccessKey={Key};UseDevelopmentEmulator=true"),
            Mutation.Any,
            (keyword, endpoint, rest, mutation) => mutation.Apply(keyword + endpoint + rest)),
        Check,
        text => text);

    private static void Check(string text) => Expect.Documented<FormatException>(
        () =>
        {
            var read = ConnectionString.Parse(text);
            Assert.Equal(read.Endpoint is null, read.AccessKey is null);
            if (read is { Endpoint: { } endpoint, AccessKey: { } key })
            {
                Assert.True(endpoint.Scheme == "https" || endpoint.IsLoopback || endpoint.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase));
                Assert.Equal((endpoint, Secret.ToText(key)), ReadAgain(endpoint, key));
            }
        },
        [Key]);

    private static (Uri? Endpoint, string Key) ReadAgain(Uri endpoint, System.Security.SecureString key)
    {
        var read = ConnectionString.Parse($"endpoint={endpoint.AbsoluteUri};accesskey={Secret.ToText(key)}");
        return (read.Endpoint, Secret.ToText(read.AccessKey!));
    }
}
