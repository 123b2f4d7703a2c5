using System;
using System.Threading;
using AcsIdentity.Ledger.Tables;
using AcsIdentity.Ports;
using AcsIdentity.Tests.Support;
using Xunit;

namespace AcsIdentity.Tests.Ledger;

/// <summary>The address and the credential of a table, and what its refusals become.</summary>
public sealed class TableStoreTests
{
    private const string Key = "c2VjcmV0LWtleQ==";
    private const string Account = "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=" + Key + ";EndpointSuffix=core.windows.net";
    private const string NoName = "does not end with the name of a table, which has 3 to 63 letters and digits and begins with a letter";
    private const string Example = "It looks like https://account.table.core.windows.net/acs.";

    private static readonly Uri _table = new("https://account.table.core.windows.net/acs");
    private static readonly Uri _endpoint = new("https://contoso.communication.azure.com/");

    [Theory]
    [InlineData("https://account.table.core.windows.net/acs", Account)]
    [InlineData("https://ACCOUNT.table.core.windows.net/Acs2", Account)]
    [InlineData("https://account.table.core.windows.net/acs", "AccountName=account;TableEndpoint=https://account.table.core.windows.net/;SharedAccessSignature=sv=2020&sig=" + Key)]
    [InlineData("http://127.0.0.1:10002/devstoreaccount1/acs", "UseDevelopmentStorage=true")]
    [InlineData("http://localhost:10002/devstoreaccount1/acs", "UseDevelopmentStorage=true")]
    [InlineData("http://account.localhost:7000/acs", "AccountName=account;AccountKey=" + Key + ";TableEndpoint=http://account.localhost:7000/")]
    public void Address_and_connection_string_of_one_account_make_a_store(string table, string connectionString)
    {
        Assert.Equal(new Uri(table).AbsoluteUri, TableStore.Create(new Uri(table), Secret.FromText(connectionString)).Location);
    }

    [Theory]
    [InlineData("http://account.table.core.windows.net/acs", "uses http, which is not encrypted. Use https. Only a table service on this machine may use http")]
    [InlineData("ftp://account.table.core.windows.net/acs", "is not an address")]
    [InlineData("acs", "is not an address")]
    [InlineData("https://me@account.table.core.windows.net/acs", "has a user name")]
    [InlineData("https://account.table.core.windows.net/acs?sig=" + Key, "has a query. A shared access signature belongs into a storage connection string")]
    [InlineData("https://account.table.core.windows.net/acs#" + Key, "has a fragment")]
    [InlineData("https://account.table.core.windows.net/", NoName)]
    [InlineData("https://account.table.core.windows.net/acs/", NoName)]
    [InlineData("https://account.table.core.windows.net/ac", NoName)]
    [InlineData("https://account.table.core.windows.net/1acs", NoName)]
    [InlineData("https://account.table.core.windows.net/my-acs", NoName)]
    public void Address_that_is_not_one_of_a_table_is_refused(string table, string problem)
    {
        var address = new Uri(table, UriKind.RelativeOrAbsolute);

        Assert.Equal($"The ledger's address {problem}. {Example}", Assert.Throws<FormatException>(() => TableStore.Create(address, Secret.FromText(Account))).Message);
        Assert.Equal(
            $"The ledger's address {problem}. {Example}",
            Assert.Throws<FormatException>(() => TableStore.Create(address, _endpoint, new ServiceCredential.ManagedIdentity(null), null)).Message);
    }

    [Theory]
    [InlineData("https://other.table.core.windows.net/acs", Account)]
    [InlineData("https://account.table.core.windows.net:444/acs", Account)]
    [InlineData("https://account.table.core.windows.net/account/acs", Account)]
    [InlineData("http://127.0.0.1:10003/devstoreaccount1/acs", "UseDevelopmentStorage=true")]
    [InlineData("http://127.0.0.1:10002/another/acs", "UseDevelopmentStorage=true")]
    [InlineData("https://127.0.0.1:10002/devstoreaccount1/acs", "UseDevelopmentStorage=true")]
    public void Connection_string_of_another_account_is_refused(string table, string connectionString)
    {
        FormatException failure = Assert.Throws<FormatException>(() => TableStore.Create(new Uri(table), Secret.FromText(connectionString)));

        Assert.Equal("The storage connection string is of another storage account than the ledger's address. Give the one of the account in the address.", failure.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Key)]
    [InlineData("AccountName=account")]
    [InlineData("AccountName=account;AccountKey=" + Key + ";TableEndpoint=" + Key)]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=account;AccountKey=secret key;EndpointSuffix=core.windows.net")]
    [InlineData("endpoint=https://contoso.communication.azure.com/;accesskey=" + Key)]
    public void Text_that_is_not_a_storage_connection_string_is_refused_and_not_quoted(string connectionString)
    {
        FormatException failure = Assert.Throws<FormatException>(() => TableStore.Create(_table, Secret.FromText(connectionString)));

        Assert.StartsWith("The storage connection string is not valid.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Credential_that_is_not_for_storage_is_refused()
    {
        Refuses(new ServiceCredential.AccessKey(Secret.FromText(Key)), "access key");
        Refuses(new ServiceCredential.AccessToken(Secret.FromText(Key), DateTimeOffset.MaxValue), "access token");

        static void Refuses(ServiceCredential credential, string name)
        {
            FormatException failure = Assert.Throws<FormatException>(() => TableStore.Create(_table, _endpoint, credential, null));
            Assert.Equal(
                $"The connection's {name} is for Communication Services only. Give the connection string of the storage account too, or connect with another credential of Microsoft Entra ID.",
                failure.Message);
        }
    }

    [Fact]
    public void Entra_needs_https()
    {
        FormatException failure = Assert.Throws<FormatException>(
            () => TableStore.Create(new Uri("http://127.0.0.1:10002/devstoreaccount1/acs"), _endpoint, new ServiceCredential.ManagedIdentity(null), null));

        Assert.Equal(
            "The ledger's address uses http, and a token of Microsoft Entra ID is sent over https only. Use https, or give the connection string of the storage account.",
            failure.Message);
    }

    [Theory]
    [InlineData(400, "InvalidResourceName", LedgerFailureKind.Invalid, "The storage account cannot have a table of this name (HTTP 400, InvalidResourceName).")]
    [InlineData(400, "InvalidInput", LedgerFailureKind.Unavailable, "The table service refused the request (HTTP 400, InvalidInput).")]
    [InlineData(401, "InvalidAuthenticationInfo", LedgerFailureKind.Unavailable, "The table service did not accept the credential (HTTP 401, InvalidAuthenticationInfo).")]
    [InlineData(403, "AuthenticationFailed", LedgerFailureKind.Unavailable, "The table service did not accept the credential (HTTP 403, AuthenticationFailed).")]
    [InlineData(403, "AuthorizationPermissionMismatch", LedgerFailureKind.Unavailable, "The credential may not use this table (HTTP 403, AuthorizationPermissionMismatch). It needs the role Storage Table Data Contributor")]
    [InlineData(409, "TableBeingDeleted", LedgerFailureKind.Unavailable, "The table is being deleted (HTTP 409, TableBeingDeleted). Try again in some minutes.")]
    [InlineData(503, "ServerBusy", LedgerFailureKind.Unavailable, "The table service is busy or has failed (HTTP 503, ServerBusy). Try again later.")]
    public void Refusal_is_said_in_plain_words(int status, string code, LedgerFailureKind kind, string reason)
    {
        using var server = new RecordingServer(RecordingServer.Answer(
            status,
            $$$"""{"odata.error":{"code":"{{{code}}}","message":{"lang":"en-US","value":"A text of the service."} } }""",
            "Content-Type: application/json", "x-ms-error-code: " + code));

        LedgerException failure = OpenFailure(server.Endpoint);

        Assert.Equal(kind, failure.Kind);
        Assert.StartsWith(reason, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_of_something_else_is_said_in_plain_words()
    {
        using var server = new RecordingServer(RecordingServer.Answer(200, "<html>Sign in to the network</html>", "Content-Type: text/html"));

        LedgerException failure = OpenFailure(server.Endpoint);

        Assert.StartsWith("The table service cannot be reached, or gave no valid answer.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Try_that_took_too_long_is_said_in_plain_words()
    {
        LedgerException failure = TableFailure.Describe("place", new AggregateException(new InvalidOperationException("first"), new OperationCanceledException("last")));

        Assert.Equal(
            (LedgerFailureKind.Unavailable, "place", "The table service did not answer in time. Check the address and the network, or try again later."),
            (failure.Kind, failure.Location, failure.Message));
    }

    private static LedgerException OpenFailure(Uri server)
    {
        var table = new Uri(server, "account/acs");
        TableStore store = TableStore.Create(table, Secret.FromText($"AccountName=account;AccountKey={Key};TableEndpoint={new Uri(server, "account")}"));
        LedgerException failure = Assert.Throws<LedgerException>(() => store.Open(CancellationToken.None));
        Assert.Equal(table.AbsoluteUri, failure.Location);
        return failure;
    }
}
