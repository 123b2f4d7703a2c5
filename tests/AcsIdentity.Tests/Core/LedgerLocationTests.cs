using System;
using System.Collections.Generic;
using AcsIdentity.Connections;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Core;

[Collection(ProcessEnvironment.Name)]
public sealed class LedgerLocationTests : IDisposable
{
    private const string Key = "c2VjcmV0IGtleQ==";

    private readonly List<string> _resolved = [];

    public void Dispose() => Environment.SetEnvironmentVariable(LedgerLocation.VariableName, null);

    [Theory]
    [InlineData("acs.db")]
    [InlineData("./http/acs.db")]
    [InlineData(@"C:\ledgers\acs.db")]
    [InlineData("httpd.db")]
    public void Anything_that_is_no_address_is_a_file(string text)
    {
        Parse(text);
        Assert.Equal([text], _resolved);
    }

    [Theory]
    [InlineData("https://account.table.core.windows.net/acs")]
    [InlineData("HTTPS://account.table.core.windows.net/acs")]
    [InlineData("http://127.0.0.1:10002/devstoreaccount1/acs")]
    [InlineData("http://localhost:10002/devstoreaccount1/acs")]
    public void An_address_is_a_table(string text)
    {
        Parse(text).WithConnectionString(Secret.FromText("UseDevelopmentStorage=true"));
        Assert.Empty(_resolved);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  ", "empty")]
    [InlineData("https:", "is not valid")]
    [InlineData("https://", "is not valid")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=account;AccountKey=" + Key + ";EndpointSuffix=core.windows.net", "-LedgerConnectionString")]
    [InlineData("TableEndpoint=https://account.table.core.windows.net/;SharedAccessSignature=" + Key, "-LedgerConnectionString")]
    [InlineData("https://account.table.core.windows.net/acs;accountkey = " + Key, "-LedgerConnectionString")]
    [InlineData("endpoint=https://r.communication.azure.com/;accesskey=" + Key, "-LedgerConnectionString")]
    [InlineData("UseDevelopmentStorage=true", "-LedgerConnectionString")]
    public void Says_what_is_wrong_and_never_the_text(string text, string problem)
    {
        InvalidLedgerException broken = Assert.Throws<InvalidLedgerException>(() => Parse(text));

        Assert.Contains(problem, broken.Message, StringComparison.Ordinal);
        Assert.Equal("-Ledger", broken.Origin);
        Assert.DoesNotContain(Key, broken.ToString(), StringComparison.Ordinal);
        Assert.Empty(_resolved);
    }

    [Fact]
    public void A_path_that_cannot_be_resolved_is_an_error_of_its_parameter()
    {
        InvalidLedgerException broken = Assert.Throws<InvalidLedgerException>(
            () => LedgerLocation.Parse("x:acs.db", "-Ledger", _ => throw new FormatException("There is no drive x.")));

        Assert.Equal("There is no drive x.", broken.Message);
        Assert.Equal("-Ledger", broken.Origin);
    }

    [Fact]
    public void A_file_has_no_connection_string()
    {
        InvalidLedgerException broken = Assert.Throws<InvalidLedgerException>(() => Parse("acs.db").WithConnectionString(Secret.FromText("UseDevelopmentStorage=true")));

        Assert.Contains("-Ledger names a file", broken.Message, StringComparison.Ordinal);
        Assert.Equal("-LedgerConnectionString", broken.Origin);
    }

    [Fact]
    public void A_connection_string_is_not_empty()
    {
        InvalidLedgerException broken = Assert.Throws<InvalidLedgerException>(
            () => Parse("https://account.table.core.windows.net/acs").WithConnectionString(Secret.FromText("")));

        Assert.Contains("is empty", broken.Message, StringComparison.Ordinal);
        Assert.Equal("-LedgerConnectionString", broken.Origin);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_variable_that_is_not_set_names_no_ledger(string? value)
    {
        Environment.SetEnvironmentVariable(LedgerLocation.VariableName, value);
        Assert.Null(LedgerLocation.FromEnvironment());
    }

    [Theory]
    [InlineData("acs.db", false)]
    [InlineData("./acs.db", false)]
    [InlineData("~/acs.db", false)]
    [InlineData("C:acs.db", false)]
    [InlineData("/srv/acs.db", null)]
    [InlineData("https://account.table.core.windows.net/acs", true)]
    [InlineData(" ", false)]
    public void The_path_in_the_variable_is_full(string value, bool? isValid)
    {
        Environment.SetEnvironmentVariable(LedgerLocation.VariableName, value);
        // On Windows a full path has a drive.
        if (isValid ?? !OperatingSystem.IsWindows())
        {
            Assert.NotNull(LedgerLocation.FromEnvironment());
        }
        else
        {
            InvalidLedgerException broken = Assert.Throws<InvalidLedgerException>(LedgerLocation.FromEnvironment);
            Assert.Equal("environment variable ACS_IDENTITY_LEDGER", broken.Origin);
        }
    }

    private LedgerLocation Parse(string text) => LedgerLocation.Parse(text, "-Ledger", path =>
    {
        _resolved.Add(path);
        return path;
    });
}
