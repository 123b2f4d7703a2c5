using System;
using System.Text.RegularExpressions;
using Azure.Data.Tables;

namespace AcsIdentity.Ledger.Tables;

/// <summary>The address of a table, in its two parts. No message quotes a value: it may be a key that was pasted there.</summary>
/// <param name="Account">The table service of the storage account.</param>
/// <param name="Name">The name of the table.</param>
internal sealed record TableAddress(Uri Account, string Name)
{
    private static readonly Regex _name = new(@"\A[A-Za-z][A-Za-z0-9]{2,62}\z", RegexOptions.CultureInvariant);

    /// <exception cref="FormatException">It is not the address of a table.</exception>
    public static TableAddress Parse(Uri table)
    {
        string? problem = !table.IsAbsoluteUri || table.Scheme is not ("https" or "http") ? "is not an address"
            : table.UserInfo.Length > 0 ? "has a user name"
            : table.Query.Length > 0 ? "has a query. A shared access signature belongs into a storage connection string"
            : table.Fragment.Length > 0 ? "has a fragment"
            : table.Scheme == "http" && !Loopback.IsLoopback(table) ? "uses http, which is not encrypted. Use https. Only a table service on this machine may use http"
            : !_name.IsMatch(NameOf(table)) ? "does not end with the name of a table, which has 3 to 63 letters and digits and begins with a letter"
            : null;
        if (problem is not null)
        {
            throw new FormatException($"The ledger's address {problem}. It looks like https://account.table.core.windows.net/acs.");
        }

        string name = NameOf(table);
        string address = table.GetLeftPart(UriPartial.Path);
        // Without the slash: the library adds one.
        return new TableAddress(new Uri(address.Substring(0, address.Length - name.Length - 1)), name);
    }

    /// <exception cref="FormatException">It is not a storage connection string, or it is of another account.</exception>
    public TableServiceClient Connect(string connectionString, TableClientOptions options)
    {
        TableServiceClient account;
        try
        {
            account = new TableServiceClient(connectionString.Trim(), options);
        }
        catch (Exception malformed) when (malformed is FormatException or InvalidOperationException or ArgumentException)
        {
            // The library's message may quote a part.
            throw new FormatException(
                "The storage connection string is not valid. The portal shows it under 'Access keys' of the storage account: DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...;EndpointSuffix=core.windows.net.");
        }

        return IsAccount(account.Uri)
            ? account
            : throw new FormatException("The storage connection string is of another storage account than the ledger's address. Give the one of the account in the address.");
    }

    private static string NameOf(Uri table) => table.Segments[table.Segments.Length - 1];

    private bool IsAccount(Uri other) =>
        other.Scheme == Account.Scheme
        && other.Port == Account.Port
        && other.AbsolutePath.TrimEnd('/') == Account.AbsolutePath.TrimEnd('/')
        && (other.Host == Account.Host || (Loopback.IsLoopback(other) && Loopback.IsLoopback(Account)));
}
