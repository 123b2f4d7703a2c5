using System;
using System.IO;
using System.Security;
using System.Text.RegularExpressions;
using AcsIdentity.Loading;
using AcsIdentity.Ports;

namespace AcsIdentity.Connections;

/// <summary>
/// The place of a ledger, as -Ledger or an environment variable names it: the address of a table of Azure Table Storage, or
/// a file.
/// </summary>
internal sealed class LedgerLocation
{
    /// <summary>The variable that names the ledger of connections that are opened without -Ledger.</summary>
    public const string VariableName = "ACS_IDENTITY_LEDGER";

    /// <summary>The parameter for the key of a table.</summary>
    public const string KeyParameter = "-LedgerConnectionString";

    /// <summary>A storage connection string that was given in place of the address.</summary>
    private static readonly Regex _key = new(
        @"(AccountKey|SharedAccessSignature|AccessKey|UseDevelopmentStorage)\s*=", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private readonly Uri? _table;
    private readonly string _file;
    private readonly string _origin;
    private readonly SecureString? _connectionString;

    private LedgerLocation(Uri? table, string file, string origin, SecureString? connectionString = null)
    {
        _table = table;
        _file = file;
        _origin = origin;
        _connectionString = connectionString;
    }

    /// <summary>Whether the environment variable is set.</summary>
    public static bool IsInEnvironment => ReadVariable() is { Length: > 0 };

    /// <summary>Reads the environment variable. Returns null if it is not set.</summary>
    /// <exception cref="InvalidLedgerException">It names no ledger.</exception>
    public static LedgerLocation? FromEnvironment() =>
        ReadVariable() is { Length: > 0 } text
            ? Parse(text, EnvironmentConnection.DescribeSource(VariableName), RequireFullPath)
            : null;

    /// <summary>Reads an address or a path.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origin">The parameter or environment variable that it comes from.</param>
    /// <param name="resolvePath">Returns the full path of a file. Throws <see cref="FormatException"/> if there is no such path.</param>
    /// <exception cref="InvalidLedgerException">The text names no ledger. The message does not quote it: it may be a key.</exception>
    public static LedgerLocation Parse(string text, string origin, Func<string, string> resolvePath)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? throw new FormatException("The value is empty. If it comes from an environment variable, that variable may not be set.")
                : _key.IsMatch(text) ? throw new FormatException($"A file or the address of a table is needed. Give a storage connection string by {KeyParameter}.")
                : IsAddress(text) ? new LedgerLocation(ReadAddress(text), "", origin)
                : new LedgerLocation(null, resolvePath(text), origin);
        }
        catch (FormatException problem)
        {
            throw new InvalidLedgerException(problem.Message, origin);
        }
    }

    /// <summary>Adds the connection string of the storage account.</summary>
    /// <exception cref="InvalidLedgerException">The ledger is not a table, or the connection string is empty.</exception>
    public LedgerLocation WithConnectionString(SecureString connectionString) =>
        _table is null ? throw new InvalidLedgerException($"It is for a table, and {_origin} names a file.", KeyParameter)
        : connectionString.Length == 0 ? throw new InvalidLedgerException("The connection string is empty. If it comes from an environment variable, that variable may not be set.", KeyParameter)
        : new LedgerLocation(_table, _file, _origin, connectionString);

    /// <summary>Names the ledger for the store that it is in. Opens nothing.</summary>
    /// <param name="endpoint">The resource of the connection.</param>
    /// <param name="credential">The credential of the connection.</param>
    /// <param name="entra">The source of Entra ID tokens.</param>
    /// <exception cref="InvalidLedgerException">The address is not that of a table, the table has no credential, or this platform has no SQLite.</exception>
    public ILedgerStore Locate(Uri endpoint, ServiceCredential credential, EntraSettings? entra)
    {
        try
        {
            if (_table is null)
            {
                ModuleAssemblies.RequireSqlite();
            }

            ILedgerStoreFactory factory = ModuleAssemblies.LedgerStoreFactory;
            return _table is null ? factory.File(_file)
                : _connectionString is not null ? factory.Table(_table, _connectionString)
                : factory.Table(_table, endpoint, credential, entra);
        }
        catch (FormatException problem)
        {
            throw new InvalidLedgerException(problem.Message, _connectionString is null ? _origin : $"{_origin} with {KeyParameter}");
        }
    }

    private static string? ReadVariable() => Environment.GetEnvironmentVariable(VariableName);

    private static bool IsAddress(string text) =>
        text.StartsWith("https:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http:", StringComparison.OrdinalIgnoreCase);

    private static Uri ReadAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) ? address : throw new FormatException("The address of the table is not valid. It looks like https://account.table.core.windows.net/acs.");

    /// <summary>The current location changes while the process runs, and the ledger must not.</summary>
    private static string RequireFullPath(string path)
    {
        // On Windows, \acs.db is of the current drive, and C:acs.db of that drive's current folder.
        bool isFull = Path.DirectorySeparatorChar == '/' ? Path.IsPathRooted(path) : Path.GetPathRoot(path)!.Length > 2;
        return isFull ? path : throw new FormatException("The path of the file must be full, such as /srv/acs.db or C:\\ProgramData\\acs.db.");
    }
}
