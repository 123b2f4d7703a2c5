using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace AcsIdentity.Ledger.Tables;

/// <summary>The keys of the table's rows. All rows of a resource are in one partition, because a transaction holds for one partition.</summary>
internal static class RowKey
{
    /// <summary>The partition of the row that has the schema's version. No resource can have this name.</summary>
    public const string SchemaPartition = "!schema";

    public const string Schema = "version";

    /// <summary>The beginning of the keys of identities.</summary>
    public const string IdentityPrefix = "i:";

    /// <summary>The beginning of the keys of intents.</summary>
    public const string IntentPrefix = "p:";

    /// <summary>The partition of a resource: host, and port unless it is the default.</summary>
    public static string Partition(Uri endpoint) => endpoint.Authority.ToLowerInvariant();

    public static string Identity(string id) => IdentityPrefix + Escape(id);

    public static string Intent(string key) => IntentPrefix + key;

    /// <summary>The beginning of the keys that lead from a tag to its identities. A tag itself may be too long for a key.</summary>
    public static string TagPrefix(string tag) => $"t:{Hash(tag)}:";

    public static string Tag(string tag, string id) => TagPrefix(tag) + Escape(id);

    /// <summary>The claim of the only identity with a tag.</summary>
    public static string Claim(string tag) => "c:" + Hash(tag);

    /// <summary>The end, exclusive, of a range of keys with the same beginning. Keys are compared by code unit.</summary>
    public static string After(string prefix) => prefix.Substring(0, prefix.Length - 1) + (char)(prefix[prefix.Length - 1] + 1);

    /// <summary>Escapes each character that a key or an address may not have. So the beginning of an id is the beginning of its key.</summary>
    private static string Escape(string id) => string.Concat(id.Select(
        unit => unit is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or ':' or '_' or '-' or '.'
            ? unit.ToString()
            : "!" + ((int)unit).ToString("X4", CultureInfo.InvariantCulture)));

    private static string Hash(string tag)
    {
        using var algorithm = SHA256.Create();
        return string.Concat(algorithm.ComputeHash(Encoding.UTF8.GetBytes(tag)).Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
