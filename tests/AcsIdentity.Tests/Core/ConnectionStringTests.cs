using System;
using AcsIdentity.Connections;
using Xunit;

namespace AcsIdentity.Tests.Core;

public sealed class ConnectionStringTests
{
    private const string Key = "c2VjcmV0IGtleQ==";

    [Theory]
    [InlineData("endpoint=https://r.communication.azure.com/;accesskey=" + Key)]
    [InlineData("Endpoint=https://r.communication.azure.com;AccessKey=" + Key + ";")]
    [InlineData(" ACCESSKEY = " + Key + " ; ENDPOINT = https://r.communication.azure.com ")]
    public void Reads_both_parts_in_any_order_and_case(string text)
    {
        var read = ConnectionString.Parse(text);

        Assert.Equal(new Uri("https://r.communication.azure.com/"), read.Endpoint);
        Assert.Equal(Key, Secret.ToText(read.AccessKey!));
    }

    [Theory]
    [InlineData("http://localhost:7080")]
    [InlineData("http://acs.localhost:7080/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1.2.3:7080/")]
    [InlineData("http://[::1]:7080/")]
    public void Takes_http_to_this_machine(string endpoint)
    {
        Assert.Equal(new Uri(endpoint), ConnectionString.ParseEndpoint(endpoint));
    }

    [Theory]
    [InlineData("UseDevelopmentEmulator=true")]
    [InlineData("usedevelopmentemulator=True;")]
    public void Reads_UseDevelopmentEmulator(string text)
    {
        Assert.Null(ConnectionString.Parse(text).Endpoint);
    }

    [Theory]
    [InlineData("", "connection string is empty")]
    [InlineData("  ", "connection string is empty")]
    [InlineData(";", "no endpoint")]
    [InlineData("accesskey=" + Key, "no endpoint")]
    [InlineData("endpoint=https://r.communication.azure.com/", "no accesskey")]
    [InlineData("endpoint=https://r.communication.azure.com/;accesskey=", "accesskey is empty")]
    [InlineData("endpoint=https://r.communication.azure.com/;accesskey=secret!", "accesskey is not base64")]
    [InlineData("endpoint=r.communication.azure.com;accesskey=" + Key, "endpoint is not an address")]
    [InlineData("endpoint=;accesskey=" + Key, "endpoint is not an address")]
    [InlineData("endpoint=ftp://r.communication.azure.com;accesskey=" + Key, "endpoint is not an address")]
    [InlineData("endpoint=https://user:" + Key + "@r.communication.azure.com;accesskey=" + Key, "endpoint has a user name")]
    [InlineData("endpoint=https://r.communication.azure.com/,accesskey=" + Key + ";accesskey=" + Key, "endpoint has a path")]
    [InlineData("endpoint=https://r.communication.azure.com/secret;accesskey=" + Key, "endpoint has a path")]
    [InlineData("endpoint=https://r.communication.azure.com/?sig=secret;accesskey=" + Key, "endpoint has a query")]
    [InlineData("endpoint=https://r.communication.azure.com/#secret;accesskey=" + Key, "endpoint has a fragment")]
    [InlineData("endpoint=http://r.communication.azure.com/;accesskey=" + Key, "Use https")]
    [InlineData("endpoint=http://localhost.example/;accesskey=" + Key, "Use https")]
    [InlineData("endpoint=http://192.0.2.1:7080/;accesskey=" + Key, "Use https")]
    [InlineData("UseDevelopmentEmulator=false", "UseDevelopmentEmulator")]
    [InlineData(Key, "no endpoint")]
    public void Names_the_wrong_part_and_never_the_key(string text, string problem)
    {
        FormatException broken = Assert.Throws<FormatException>(() => ConnectionString.Parse(text));

        Assert.Contains(problem, broken.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, broken.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", broken.ToString(), StringComparison.Ordinal);
    }
}
