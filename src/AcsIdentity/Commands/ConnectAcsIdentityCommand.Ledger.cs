using System;
using System.Management.Automation;
using AcsIdentity.Connections;

namespace AcsIdentity.Commands;

/// <content>The ledger of the connection.</content>
public sealed partial class ConnectAcsIdentityCommand
{
    /// <summary>An unset variable as -Ledger is an error. Without a ledger, the identities would be lost unnoticed.</summary>
    private bool IsLedgerGiven => MyInvocation.BoundParameters.ContainsKey(nameof(Ledger));

    /// <returns>Null if neither -Ledger nor the environment names one.</returns>
    private LedgerLocation? ReadLedger()
    {
        LedgerLocation? ledger = IsLedgerGiven ? LedgerLocation.Parse(Ledger, Source(nameof(Ledger)), ResolvePath) : LedgerLocation.FromEnvironment();
        return LedgerConnectionString is null ? ledger
            : ledger?.WithConnectionString(LedgerConnectionString)
            ?? throw new InvalidLedgerException($"It needs the address of a table in -Ledger or in the environment variable {LedgerLocation.VariableName}.", LedgerLocation.KeyParameter);
    }

    private string ResolvePath(string path)
    {
        try
        {
            string resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem" ? resolved : throw new FormatException($"The path is not one of a file: it is in the provider {provider.Name}.");
        }
        catch (SessionStateException unknown)
        {
            throw new FormatException($"The path is not valid: {unknown.Message}");
        }
    }
}
