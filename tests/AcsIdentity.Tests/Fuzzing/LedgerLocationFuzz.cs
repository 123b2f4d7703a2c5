using System;
using System.Linq;
using AcsIdentity.Connections;
using AcsIdentity.Ledger.Tables;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>Addresses and paths of ledgers. No message quotes them: they may be a key.</summary>
public sealed class LedgerLocationFuzz(ITestOutputHelper output)
{
    private const string Key = "c2VjcmV0IGtleQ==";

    [Fact]
    public void Holds() => Fuzzer.Run(
        output,
        Mutation.Of(
            "https://account.table.core.windows.net/acs",
            "http://127.0.0.1:10002/devstoreaccount1/acs",
            "/srv/acs.db",
            $"DefaultEndpointsProtocol=https;AccountName=account;AccountKey={Key};EndpointSuffix=core.windows.net",
            $"https://account.table.core.windows.net/acs?sig={Key}"),
        Check,
        text => text);

    private static void Check(string text)
    {
        Expect.Documented<InvalidLedgerException>(() => LedgerLocation.Parse(text, "-Ledger", path => path), [Key]);
        if (Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out Uri? address))
        {
            Expect.Documented<FormatException>(
                () =>
                {
                    var table = TableAddress.Parse(address);
                    Assert.True(table.Name.All(char.IsAsciiLetterOrDigit));
                    Assert.Equal(table, TableAddress.Parse(new Uri($"{table.Account.OriginalString}/{table.Name}")));
                },
                [Key]);
        }
    }
}
